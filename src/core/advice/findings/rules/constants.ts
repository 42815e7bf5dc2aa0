import type { GraphNode, Parameter, ValueId } from '../../../model/index.js';
import { hasWeight, movesEntries } from '../../recommendation/graph-walk.js';
import type { Place } from '../../recommendation/place.js';
import { at, groupByCause, named } from '../causes.js';
import type { Cause, Rule, Subject } from '../rule.js';

function isConstant(p: Place): boolean {
  return p.distribution?.kind === 'constant';
}

/**
 * The weights that a value goes straight into: through activations, norms and moves only. `undefined` as soon as it is
 * added to, multiplied with or joined to something else, or returned: then a constant may be meant (a gate that starts
 * closed, a branch that starts at zero).
 */
function weightsAfter(s: Subject, v: ValueId, depth = 12): GraphNode[] | undefined {
  const consumers = s.wiring.consumers[v] ?? [];
  if (consumers.length === 0 || depth === 0 || s.model.graph.outputs.includes(v)) return undefined;
  const found: GraphNode[] = [];
  for (const i of consumers) {
    const node = s.model.graph.nodes[i]!;
    const op = node.operation;
    if (hasWeight(op)) {
      found.push(node);
      continue;
    }
    if (op.kind !== 'activation' && op.kind !== 'normalize' && !movesEntries(op)) return undefined;
    for (const out of node.outputs) {
      const more = weightsAfter(s, out, depth - 1);
      if (more === undefined) return undefined;
      found.push(...more);
    }
  }
  return found;
}

interface HiddenConstant {
  readonly place: Place;
  /** The layers that it feeds. */
  readonly next: readonly GraphNode[];
}

/** Layers in the middle of the network whose weights are all equal. */
function hidden(s: Subject): HiddenConstant[] {
  return s.places.flatMap((place) => {
    if (!isConstant(place) || place.node.operation.kind === 'embedding' || place.fan.fanOut === 1) return [];
    if (s.isStopped(place)) return [];
    // Depthwise kernels share no units to tell apart: each channel has its own input.
    if (place.node.operation.kind === 'convolution' && place.node.operation.groups > 1) return [];
    const next = weightsAfter(s, place.node.outputs[0]!);
    return next === undefined || next.length === 0 ? [] : [{ place, next }];
  });
}

function isAllEqual(s: Subject, node: GraphNode): boolean {
  return s.places.some((p) => p.node === node && isConstant(p));
}

/** A layer at zero whose output only goes into layers at zero that end there: a branch with two zero factors. */
function isZeroPair(s: Subject, { place, next }: HiddenConstant, all: readonly HiddenConstant[]): boolean {
  if (place.distribution?.mean !== 0) return false;
  return next.every((node) => {
    const after = s.places.find((p) => p.node === node);
    const isZero = after?.distribution?.kind === 'constant' && after.distribution.mean === 0;
    return isZero && !all.some((h) => h.place === after);
  });
}

export const constantHidden: Rule = {
  code: 'IS106',
  name: 'constant-weights',
  severity: 'error',
  explainsScale: true,
  find(s) {
    const all = hidden(s);
    const told = all.filter((h) => !isZeroPair(s, h, all));
    return groupByCause(told.map((h) => h.place)).map((group): Cause => {
      const value = group.places[0].distribution?.mean === 0 ? 'zero' : 'equal';
      const weights = `All weights of ${named(s, group.places)} are ${value}, so all units of a layer compute the same`;
      // Weights that differ behind them send a gradient of its own to each unit.
      const part = told.some(({ place, next }) => group.places.includes(place) && !next.every((n) => isAllEqual(s, n)));
      const message = part
        ? `${weights} at the start, and only the weights behind can part them. Draw weights at random; zeros are for biases.`
        : `${weights}, get the same gradient and never part. Draw weights at random; zeros are for biases.`;
      return { ...at(s, group), message, severity: part ? 'warning' : 'error' };
    });
  },
};

export const bothZero: Rule = {
  code: 'IS107',
  name: 'both-factors-zero',
  severity: 'error',
  explainsScale: true,
  find(s) {
    const all = hidden(s);
    return groupByCause(all.filter((h) => isZeroPair(s, h, all)).map((h) => h.place)).map((group): Cause => ({
      ...at(s, group),
      message: `${named(s, group.places)} and the layer behind both start at zero, so neither gets a gradient and the two never learn. Start the first at random, as LoRA does.`,
    }));
  },
};

/**
 * Holds whatever was in memory. What is not trained waits for a checkpoint's values; and a tensor without entries has
 * none: its size was read from data that is not at hand.
 */
function isEmpty({ distribution, unregistered, loaded, frozen, shape }: Parameter): boolean {
  return distribution.kind === 'uninitialized' && !unregistered && !loaded && !frozen && !shape.includes(0);
}

/** Shown beside the first; the rest is counted. */
const NAMED = 3;

/** Somebody did initialize the module's other parameters: this one was forgotten. */
function isForgotten(s: Subject, { name }: Parameter): boolean {
  const module = name.replace(/[^.]+$/, '');
  const isOwn = (other: string): boolean => other.startsWith(module) && !other.slice(module.length).includes('.');
  return s.model.parameters.some(
    ({ name: other, setBy, declaredAt: d }) =>
      isOwn(other) &&
      setBy.range !== undefined &&
      !(d?.file === setBy.range.file && d.start <= setBy.range.start && setBy.range.end <= d.end),
  );
}

export const uninitialized: Rule = {
  code: 'IS119',
  name: 'uninitialized-parameter',
  severity: 'error',
  needsNoForward: true,
  find(s) {
    const found = s.model.parameters.filter(isEmpty);
    const [first] = found;
    if (!first) return [];
    const names = found.slice(0, NAMED).map((p) => `\`${p.name}\``);
    const more = found.length > NAMED ? ` and ${found.length - NAMED} more` : '';
    const [verb, them, they] = found.length === 1 ? ['is', 'it', 'it holds'] : ['are', 'them', 'they hold'];
    const severity = s.model.readsCheckpoints ? 'info' : found.some((p) => isForgotten(s, p)) ? 'error' : 'warning';
    const rest =
      severity === 'info'
        ? `not initialized: until a checkpoint is read into ${them}, ${they} whatever was in memory, NaN included.`
        : `never initialized: torch.empty holds whatever was in memory, NaN included. Give ${them} values, for example with nn.init.`;
    return [
      {
        range: first.declaredAt,
        severity,
        message: `${names.join(', ')}${more} ${verb} ${rest}`,
        related: found
          .slice(1)
          .flatMap((p) => (p.declaredAt ? [{ message: `\`${p.name}\` is made here`, range: p.declaredAt }] : [])),
      },
    ];
  },
};
