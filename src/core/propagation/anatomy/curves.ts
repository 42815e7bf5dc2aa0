import type { ActivationCurve, GraphNode } from '../../model/index.js';
import { activationNamed, constantsOf } from '../activations/index.js';

const POINTS = 161;
const REACH = 256;
/** Width of the region about zero where the points stand densely. */
const CORE = 1.5;

/** Pre-activations that curves are drawn at: dense about zero, where activations bend, and out to ±256. */
export const CURVE_GRID: readonly number[] = Array.from({ length: POINTS }, (_, i) => {
  const u = (2 * i) / (POINTS - 1) - 1;
  return Number((CORE * Math.sinh(u * Math.asinh(REACH / CORE))).toPrecision(6));
});

/** The function's graph, and where it saturates; undefined for what is no activation. */
export function curveOf({ operation: op }: GraphNode): ActivationCurve | undefined {
  if (op.kind !== 'activation') return undefined;
  const f = activationNamed(op.name);
  if (f === undefined) return undefined;
  const constants = constantsOf(f, op.constants);
  const values = CURVE_GRID.map((z) => f.value(z, constants));
  if (!values.every(Number.isFinite)) return undefined;
  const saturated = f.saturated && CURVE_GRID.map((z) => f.saturated?.(z, constants) === true);
  return {
    name: f.name,
    label: f.label,
    points: CURVE_GRID.map((z, i) => [z, values[i] ?? 0] as const),
    ...(saturated === undefined ? {} : { saturated: runs(saturated) }),
  };
}

/** Intervals of the grid where the flag is set; outermost ones reach to ±∞, written as the grid's ends. */
function runs(flags: readonly boolean[]): (readonly [number, number])[] {
  const out: [number, number][] = [];
  flags.forEach((set, i) => {
    const z = CURVE_GRID[i] ?? 0;
    const last = out.at(-1);
    if (!set) return;
    if (flags[i - 1] === true && last !== undefined) last[1] = z;
    else out.push([z, z]);
  });
  return out;
}
