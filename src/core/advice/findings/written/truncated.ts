import { TRUNCATED_STD } from '../../../initializers/truncated.js';
import type { Parameter } from '../../../model/index.js';
import type { Cause } from '../rule.js';
import { count, short } from '../words.js';
import { argument, numberIn } from './names.js';
import { setBy, type Written, type WrittenCall, type WrittenRule } from './written.js';

const TRUNCATED = /(^|\.)trunc_normal_$/;
/** Bounds so many σ away cut nothing that could be measured. */
const FAR = 4;

/** The standard deviation that a call was given, where a model shows it or it is written as a number. */
function stdOf(w: Written, { node }: WrittenCall): number | undefined {
  const std = setBy(w, node).flatMap((p) => p.setBy.arguments?.['std'] ?? [])[0];
  return typeof std === 'number' ? std : numberIn(argument(node, 2, 'std'));
}

/** `σ = gain/√fan` divided by 0.8796, as it makes up for a cut at ±2σ: the fan that comes out, if one does. */
function correctedFan({ fanIn, fanOut, setBy: { arguments: given } }: Parameter): string | undefined {
  const [std, low, high] = [given?.['std'], given?.['a'], given?.['b']];
  if (typeof std !== 'number' || typeof low !== 'number' || typeof high !== 'number') return undefined;
  if (Math.min(-low, high) < FAR * std || fanIn === undefined || fanOut === undefined) return undefined;
  const fans = { fan_in: fanIn, fan_out: fanOut, 'fan_in + fan_out': fanIn + fanOut };
  const isPlain = (x: number): boolean => [1, 2].some((v) => Math.abs(x / v - 1) < 1e-5);
  return Object.entries(fans).find(
    ([, fan]) => isPlain((std * TRUNCATED_STD) ** 2 * fan) && !isPlain(std ** 2 * fan),
  )?.[0];
}

function causeOf(w: Written, call: WrittenCall): Cause[] {
  const std = stdOf(w, call);
  if (std === undefined) return [];
  const range = w.at(call.node);
  const corrected = setBy(w, call.node).find((p) => correctedFan(p) !== undefined);
  if (corrected) {
    const { a: low, b: high } = corrected.setBy.arguments as { a: number; b: number };
    return [
      {
        range,
        message: `σ = ${short(std)} for \`${corrected.name}\` is divided by ${TRUNCATED_STD.toFixed(4)}, which makes up for a cut at ±2σ; but the bounds of \`trunc_normal_\` are absolute, ${count(low)} and ${count(high)} = ±${short(high / std)}σ, and cut nothing: the variance is ${short(TRUNCATED_STD ** -2)}× what was meant. Pass a=-2*std, b=2*std, or leave the division out.`,
      },
    ];
  }
  const [low, high] = [numberIn(argument(call.node, 3, 'a')), numberIn(argument(call.node, 4, 'b'))];
  if (low !== -2 || high !== 2 || high < 2 * FAR * std) return [];
  return [
    {
      range,
      severity: 'info',
      message: `a=-2, b=2 are absolute bounds, ±${short(high / std)}σ at σ = ${short(std)}: nothing is cut. For ±2σ pass a=${short(-2 * std)}, b=${short(2 * std)}.`,
    },
  ];
}

export const truncatedBounds: WrittenRule = {
  code: 'IS128',
  name: 'truncation-bounds',
  severity: 'warning',
  mentions: /trunc_normal_/,
  find: (w) => w.calls.filter((c) => TRUNCATED.test(c.name)).flatMap((c) => causeOf(w, c)),
};
