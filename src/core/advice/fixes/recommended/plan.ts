import type { LeafModule, ParameterReport, Report, SourceRange } from '../../../model/index.js';
import { sameDraw, type Draw, type Wanted } from '../draw.js';
import { accepts, commonDraw, drawsOf, isBlamed, isNeeded, sameRange, wantedByParameter } from '../wanted.js';

/** What an initializer of all modules of some types does. */
export interface TypeRule {
  readonly types: readonly string[];
  readonly draw: Draw;
  /** Whether its modules have biases that may be set to zero. */
  readonly bias: 'none' | 'some' | 'all';
}

/** Weights that are drawn alike, by their names. */
export interface Exception {
  readonly draw: Draw;
  readonly weights: readonly Wanted[];
}

/** How a model comes to its recommended initialization. */
export interface Plan {
  /** Calls in the source to change: all that they set can take the draw. */
  readonly calls: readonly { readonly range: SourceRange; readonly draw: Draw; readonly weights: readonly Wanted[] }[];
  /** What to draw by its module's type; then, over it, what to draw by name. */
  readonly types: readonly TypeRule[];
  readonly exceptions: readonly Exception[];
}

/** Types that an `isinstance` finds by this name, and what they sum, as PyTorch counts. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ...['Linear', 'Bilinear', 'Conv1d', 'Conv2d', 'Conv3d', 'ConvTranspose1d', 'ConvTranspose2d', 'ConvTranspose3d'].map(
    (t) => [t, t] as const,
  ),
  // The output projection of nn.MultiheadAttention.
  ['NonDynamicallyQuantizableLinear', 'Linear'],
]);

/** What of a model is not initialized as recommended, and the least that makes it so. */
export function planFor(report: Report): Plan {
  const all = wantedByParameter(report);
  const needed = [...all.values()].filter((w) => isNeeded(w) || isBlamed(w, report));
  const calls: { range: SourceRange; draw: Draw; weights: readonly Wanted[] }[] = [];
  const left: Wanted[] = [];
  const exceptions: Wanted[] = [];
  const edited = new Map<ParameterReport, Draw>();
  for (const group of byCall(needed)) {
    const range = group[0]!.parameter.setBy.range;
    const set = range === undefined ? [] : [...all.values()].filter((w) => sameRange(w.parameter.setBy.range, range));
    // What most of them want; the others get lines of their own behind it.
    const draw = range && (commonDraw(set) ?? drawsOf(set)[0]);
    if (range === undefined || draw === undefined) left.push(...group);
    else {
      calls.push({ range, draw, weights: set });
      for (const { parameter } of set) edited.set(parameter, draw);
      exceptions.push(...set.filter((w) => !accepts(w, draw)));
    }
  }
  const types: TypeRule[] = [];
  for (const [type, weights] of byType(left)) {
    const draw = type === undefined ? undefined : drawOfType(report, all, { type, weights, edited, needed });
    if (type === undefined || draw === undefined) exceptions.push(...weights);
    else {
      types.push({
        types: [type],
        draw,
        bias: draw.kind === 'siren' ? 'none' : biasOf(modulesOf(report, type), report),
      });
      exceptions.push(...weights.filter((w) => !accepts(w, draw)));
    }
  }
  return { calls, types: merged(types), exceptions: byDraw(exceptions) };
}

export function isEmpty({ calls, types, exceptions }: Plan): boolean {
  return calls.length + types.length + exceptions.length === 0;
}

/** Weights by the call that set them; those at their default each by itself. */
function byCall(weights: readonly Wanted[]): Wanted[][] {
  const groups: Wanted[][] = [];
  for (const w of weights) {
    const known = groups.find((g) => sameRange(g[0]!.parameter.setBy.range, w.parameter.setBy.range));
    if (known) known.push(w);
    else groups.push([w]);
  }
  return groups;
}

function byType(weights: readonly Wanted[]): Map<string | undefined, Wanted[]> {
  const groups = new Map<string | undefined, Wanted[]>();
  for (const w of weights) {
    const type = TYPES.get(w.type);
    groups.set(type, [...(groups.get(type) ?? []), w]);
  }
  return groups;
}

function modulesOf(report: Report, type: string): LeafModule[] {
  return report.modules.filter((m) => TYPES.get(m.type) === type);
}

interface OfType {
  readonly type: string;
  readonly weights: readonly Wanted[];
  readonly edited: ReadonlyMap<ParameterReport, Draw>;
  readonly needed: readonly Wanted[];
}

/** The draw that can be given to all modules of a type: whoever is not among the weights in need must not mind. */
function drawOfType(
  report: Report,
  all: ReadonlyMap<number, Wanted>,
  { type, weights, edited, needed }: OfType,
): Draw | undefined {
  const modules = modulesOf(report, type);
  // A weight that a norm computes is drawn in vain, and one that isn't there yet can't be.
  if (modules.some((m) => !m.parameters.some((id) => isDrawable(report.parameters[id])))) return undefined;
  const others = modules
    .flatMap((m) => m.parameters)
    .filter((id) => isDrawable(report.parameters[id]) && !weights.some((w) => w.parameter === report.parameters[id]));
  const minds = (id: number, draw: Draw): boolean => {
    const parameter = report.parameters[id]!;
    const other = edited.get(parameter);
    if (other !== undefined) return !sameDraw(other, draw);
    // What somebody set by hand stays as it is.
    if (parameter.setBy.range !== undefined) return true;
    const wanted = all.get(id);
    // The embedding that is a head's weight too is drawn behind, by its name.
    if (wanted && needed.includes(wanted)) return false;
    return wanted !== undefined && !accepts(wanted, draw);
  };
  // One module alone is told by its name.
  if (weights.length === 1 && others.length > 0) return undefined;
  return drawsOf(weights).find((draw) => draw.kind !== 'normal' && !others.some((id) => minds(id, draw)));
}

function isDrawable(p: ParameterReport | undefined): boolean {
  return p !== undefined && /(?:^|\.)weight$/.test(p.name) && p.lazy !== true;
}

function biasOf(modules: readonly LeafModule[], report: Report): TypeRule['bias'] {
  const biases = modules.map((m) =>
    m.parameters.map((id) => report.parameters[id]!).find((p) => /(?:^|\.)bias$/.test(p.name)),
  );
  const isChosen = (p: ParameterReport | undefined): boolean =>
    p?.setBy.range !== undefined && !(p.distribution.kind === 'constant' && p.distribution.mean === 0);
  if (biases.some(isChosen) || biases.every((p) => p === undefined)) return 'none';
  return biases.every((p) => p !== undefined) ? 'all' : 'some';
}

/** Types that are drawn alike make one rule. */
function merged(rules: readonly TypeRule[]): TypeRule[] {
  const out: TypeRule[] = [];
  for (const rule of rules) {
    const at = out.findIndex((r) => sameDraw(r.draw, rule.draw) && (r.bias === 'none') === (rule.bias === 'none'));
    const known = out[at];
    if (known)
      out[at] = {
        types: [...known.types, ...rule.types],
        draw: rule.draw,
        bias: known.bias === rule.bias ? rule.bias : 'some',
      };
    else out.push(rule);
  }
  return out;
}

/** Weights that one draw can be given to, the largest groups first. */
export function byDraw(weights: readonly Wanted[]): Exception[] {
  const out: Exception[] = [];
  let left = weights;
  while (left.length > 0) {
    const [draw] = drawsOf(left);
    if (draw === undefined) return out;
    const taking = left.filter((w) => drawsOf([w]).some((d) => sameDraw(d, draw)));
    out.push({ draw, weights: taking });
    left = left.filter((w) => !taking.includes(w));
    if (taking.length === 0) return out;
  }
  return out;
}
