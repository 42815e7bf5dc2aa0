import { isKnown, type GraphNode, type SetBy, type SourceRange } from '../../model/index.js';
import { makerOf, movesEntries } from '../recommendation/graph-walk.js';
import { isAbsorbed, type Place } from '../recommendation/place.js';
import type { Cause, Subject } from './rule.js';
import { short } from './words.js';

/** Places that one call, or one constructor, is to blame for. */
export interface Group {
  readonly range: SourceRange | undefined;
  readonly setBy: SetBy;
  /** In execution order; at least one. */
  readonly places: readonly [Place, ...Place[]];
}

/** Groups places by the call that set their weights; those at the default, by where their layers are made. */
export function groupByCause(places: readonly Place[]): Group[] {
  const groups = new Map<string, { range: SourceRange | undefined; setBy: SetBy; places: [Place, ...Place[]] }>();
  for (const p of places) {
    const setBy = p.parameter?.setBy ?? { what: 'default' };
    const range = setBy.range ?? p.parameter?.declaredAt;
    const key = `${setBy.what} ${range?.file ?? ''} ${range?.cell ?? ''} ${range?.start ?? -1}`;
    const known = groups.get(key);
    if (known) known.places.push(p);
    else groups.set(key, { range, setBy, places: [p] });
  }
  return [...groups.values()];
}

/**
 * Layers whose scale goes through to what follows: no norm takes it off, no checkpoint replaces it, and it is neither a
 * head nor a normed branch's end.
 */
export function scaleMatters(s: Subject, p: Place): boolean {
  return (
    !isAbsorbed(p) &&
    p.parameter?.loaded !== true &&
    !p.head &&
    !(p.branchEnd && s.normedStream) &&
    p.node.operation.kind !== 'embedding'
  );
}

/** The same where less than the gain is a mistake: the ends of branches are divided by the root of their number. */
export function smallMatters(s: Subject, p: Place): boolean {
  return scaleMatters(s, p) && (p.branchEnd === undefined || p.branchEnd.branches === 1);
}

/**
 * Variance of the layer's pre-activations over that of the pre-activations before it: fan_in·E[w²]·E[φ²] (variances of
 * weights, not standard deviations); undefined where a size or the distribution isn't known.
 */
export function factorOf(p: Place): number | undefined {
  const { distribution: d, fan } = p;
  if (d === undefined || !isKnown(d) || fan.fanIn === undefined) return undefined;
  return fan.fanIn * (d.std ** 2 + d.mean ** 2) * p.feeder.second;
}

/** A mean of the weights adds up over the inputs: it carries a signal on, the same for all units, however small σ is. */
export function carriesMean({ distribution: d, fan }: Place): boolean {
  return d !== undefined && isKnown(d) && (fan.fanIn ?? 0) * d.mean ** 2 > d.std ** 2;
}

/** The standard deviation of weights that keeps the variance, `σ = √(2/fan_in)`. */
export function sigmaFor({ feeder }: Place): string {
  const gain = 1 / Math.sqrt(feeder.second);
  return Math.abs(gain - Math.SQRT2) < 1e-6 ? 'σ = √(2/fan_in)' : `σ = ${short(gain)}/√fan_in`;
}

/** The layer whose output a layer's input is, with nothing between but activations and moves: no norm, no sum. */
function before(s: Subject, p: Place, among: ReadonlyMap<GraphNode, Place>): Place | undefined {
  const [from] = p.node.inputs;
  const maker =
    from === undefined ? undefined : makerOf(s.wiring, from, (op) => op.kind === 'activation' || movesEntries(op));
  return maker?.node && among.get(maker.node);
}

/** What a group of layers does to the variance where most of them stand one behind the other. */
export interface Effect {
  /** Layers of the longest run. */
  readonly count: number;
  /** Product of their factors, and the typical one. */
  readonly total: number;
  readonly each: number;
}

/**
 * The run of layers, each feeding the next without a norm or a sum between, that changes the variance most; undefined
 * where a factor isn't known. Layers side by side, or in blocks with norms, don't add up.
 */
export function effectOf(s: Subject, places: readonly Place[]): Effect | undefined {
  const among = new Map(places.map((p) => [p.node, p]));
  const runs = new Map<Place, { count: number; logs: number }>();
  let most: { count: number; logs: number } | undefined;
  for (const p of places) {
    const factor = factorOf(p);
    if (factor === undefined || factor === 0) return undefined;
    const previous = before(s, p, among);
    const known = previous && runs.get(previous);
    const run = { count: (known?.count ?? 0) + 1, logs: (known?.logs ?? 0) + Math.log(factor) };
    runs.set(p, run);
    if (!most || Math.abs(run.logs) > Math.abs(most.logs)) most = run;
  }
  return most && { count: most.count, total: Math.exp(most.logs), each: Math.exp(most.logs / most.count) };
}

/** The fields that a cause takes over from its group. */
export function at(s: Subject, group: Group): Pick<Cause, 'range' | 'layer' | 'related'> {
  const [first] = group.places;
  const layer = s.layerOf(first.index);
  const declared = first.parameter?.declaredAt;
  const related =
    declared && declared !== group.range
      ? [{ message: `${layer?.type ?? 'the layer'} made here`, range: declared }]
      : undefined;
  return { range: group.range, layer: layer?.name, related };
}

/** `fc1`, or `fc1 and 3 more`. */
export function named(s: Subject, places: readonly Place[]): string {
  const names = [...new Set(places.map((p) => s.layerOf(p.index)?.name ?? p.parameter?.name ?? '?'))];
  return names.length === 1 ? `\`${names[0]}\`` : `\`${names[0]}\` and ${names.length - 1} more`;
}
