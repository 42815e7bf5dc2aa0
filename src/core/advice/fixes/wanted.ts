import {
  isKnown,
  type Finding,
  type ParameterReport,
  type Recommendation,
  type Report,
  type SourceRange,
} from '../../model/index.js';
import { drawFor, gainOf, modesOf, sameDraw, stdOf, type Draw, type Wanted } from './draw.js';

/** What is recommended for each weight, by its index in `report.parameters`; for one that is used twice, at its first use. */
export function wantedByParameter(report: Report): ReadonlyMap<number, Wanted> {
  const map = new Map<number, Wanted>();
  for (const { recommended, type } of report.layers) {
    const id = recommended?.weight;
    const parameter = id === undefined ? undefined : report.parameters[id];
    if (recommended && id !== undefined && parameter && !map.has(id)) map.set(id, { parameter, recommended, type });
  }
  return map;
}

export function sameRange(a: SourceRange | undefined, b: SourceRange | undefined): boolean {
  return a !== undefined && a.file === b?.file && a.cell === b.cell && a.start === b.start && a.end === b.end;
}

/** The weights that the call, or the constructor, at a range set: what a finding there is about. */
export function weightsAt(report: Report, { range }: Pick<Finding, 'range'>): Wanted[] {
  return [...wantedByParameter(report).values()].filter(({ parameter: p }) =>
    sameRange(p.setBy.range ?? p.declaredAt, range),
  );
}

/** Where what comes in is not a layer's output again, a constant factor stays one: nothing multiplies it. */
const ONCE = { least: 0.4, most: 2.9 };
/** Behind GELU and its like a factor does not stay one: their fixed point is unstable. */
const ONCE_UNSTABLE = { least: 0.75, most: 1.35 };

/** Whether weights of some σ are as good as those recommended: to a tenth of σ, or where the scale matters less. */
export function fits({ recommended: r }: Wanted, std: number | undefined, once = ONCE): boolean {
  // The scale is absorbed, or rows are looked up: any σ does, but not none.
  if (r.std === undefined) return r.gain === undefined && r.satisfied && std !== 0;
  if (std === undefined) return false;
  const ratio = (std / r.std) ** 2;
  if (ratio >= 0.81 && ratio <= 1.21) return true;
  if (isFedOnce(r)) return ratio >= once.least && ratio <= once.most;
  return r.largest !== undefined && ratio >= 0.81 && std <= 1.1 * r.largest;
}

/** What feeds it is data or a norm, which no layer before has scaled. */
export function isFedOnce({ fedBy, branches }: Recommendation): boolean {
  return (fedBy?.kind === 'data' || fedBy?.kind === 'norm') && branches === undefined;
}

/** Whether a weight's recommendation is followed by a draw. */
export function accepts(w: Wanted, draw: Draw): boolean {
  const std = stdOf(draw, w);
  const once = draw.kind === 'scaled' ? ONCE_UNSTABLE : ONCE;
  if (std !== undefined) return fits(w, std, once);
  // Sizes aren't known: the gains are.
  const own = drawFor(w);
  if (own === undefined) return false;
  const ratio = ((gainOf(draw) ?? NaN) / (gainOf(own) ?? NaN)) ** 2;
  const isSameFan = 'mode' in draw && 'mode' in own && draw.mode === own.mode;
  return sameDraw(own, draw) || (isFedOnce(w.recommended) && isSameFan && ratio >= once.least && ratio <= once.most);
}

function currentStd({ distribution }: ParameterReport): number | undefined {
  return isKnown(distribution) ? distribution.std : undefined;
}

/** Weights that should be drawn anew, and can be. */
export function isNeeded(w: Wanted): boolean {
  const { parameter, recommended } = w;
  if (recommended.satisfied || parameter.unregistered || parameter.lazy || parameter.setBy.part) return false;
  // Weights that somebody made equal start a branch, a gate or a head closed: where they don't, a finding says so.
  if (parameter.distribution.kind === 'constant' && parameter.setBy.range) return false;
  return drawFor(w) !== undefined && !fits(w, currentStd(parameter));
}

/** Whether a finding points at the call that set a weight, and the weight is off by more than a twentieth of its σ. */
export function isBlamed(w: Wanted, report: Report): boolean {
  const { setBy, distribution } = w.parameter;
  const std = currentStd(w.parameter);
  if (setBy.range === undefined || std === undefined || w.recommended.std === undefined || drawFor(w) === undefined)
    return false;
  const isOff =
    Math.abs(std / w.recommended.std - 1) > 0.05 && distribution.kind !== 'constant' && !isFedOnce(w.recommended);
  return isOff && report.findings.some((f) => sameRange(f.range, setBy.range));
}

/** The draw that most of some weights want and all can take; undefined when they can't agree. */
export function commonDraw(weights: readonly Wanted[]): Draw | undefined {
  return drawsOf(weights).find((draw) => weights.every((w) => accepts(w, draw)));
}

/** Draws that some weights want, those that fit the most of them first. */
export function drawsOf(weights: readonly Wanted[]): Draw[] {
  const draws: Draw[] = [];
  for (const w of weights)
    for (const mode of [...modesOf(w), ...(modesOf(w).length === 0 ? [undefined] : [])]) {
      const draw = drawFor(w, mode);
      if (draw && !draws.some((d) => sameDraw(d, draw))) draws.push(draw);
    }
  // What a whole stack multiplies counts for more than what happens once.
  const votes = (draw: Draw): number =>
    weights.filter((w) => accepts(w, draw)).length +
    weights.filter((w) => w.recommended.fedBy?.kind === 'activation' && accepts(w, draw)).length;
  return draws
    .map((draw) => ({ draw, count: votes(draw) }))
    .sort((a, b) => b.count - a.count)
    .map(({ draw }) => draw);
}
