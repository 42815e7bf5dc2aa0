import { isKnown, type GraphNode, type Parameter } from '../../../model/index.js';
import { normalCdf } from '../../../propagation/numerics/normal.js';
import { nextSteps } from '../../recommendation/graph-walk.js';
import type { Place } from '../../recommendation/place.js';
import { effectOf, groupByCause, named } from '../causes.js';
import type { Cause, Rule, Subject } from '../rule.js';
import { short } from '../words.js';
import { frequencyAfter } from '../../recommendation/sine.js';

function biasOf(s: Subject, p: Place): Parameter | undefined {
  return p.fan.bias === undefined ? undefined : s.model.parameters[p.fan.bias];
}

/** BatchNorm and InstanceNorm take each channel's mean off, and so its bias. */
function isTakenOff(s: Subject, p: Place): boolean {
  const after = nextSteps(s.wiring, p.node.outputs[0]!);
  return (
    after.length > 0 &&
    after.every(({ operation: op }) => op.kind === 'normalize' && (op.over === 'batch' || op.over === 'instance'))
  );
}

/** The same behind an activation: what is alike for every input is gone, and what is left is as large as ever. */
function isNormedSoon(s: Subject, p: Place): boolean {
  const isPerChannel = ({ operation: op }: GraphNode): boolean =>
    op.kind === 'normalize' && (op.over === 'batch' || op.over === 'instance');
  const after = nextSteps(s.wiring, p.node.outputs[0]!).flatMap((n) =>
    n.operation.kind === 'activation' ? nextSteps(s.wiring, n.outputs[0]!) : [n],
  );
  return after.length > 0 && after.every(isPerChannel);
}

/** The share of the default bias in the variance of a layer's output, where the weights were set and the bias was not. */
function defaultBiasShare(s: Subject, p: Place): number | undefined {
  const bias = biasOf(s, p);
  const variance = s.layerOf(p.index)?.forward?.variance;
  if (!p.parameter?.setBy.range || bias?.setBy.what !== 'default' || bias.setBy.range) return undefined;
  if (variance === undefined || variance <= 0 || !isKnown(bias.distribution) || bias.distribution.std === 0)
    return undefined;
  return isNormedSoon(s, p) ? undefined : Math.min(1, bias.distribution.std ** 2 / variance);
}

/** A branch whose last weights are zero is meant to begin as nothing. */
function isZeroBranch(p: Place): boolean {
  return p.branchEnd !== undefined && p.distribution?.kind === 'constant' && p.distribution.mean === 0;
}

export const defaultBias: Rule = {
  code: 'IS115',
  name: 'default-bias-left',
  severity: 'warning',
  explainsScale: true,
  find(s) {
    const shares = new Map<Place, number>();
    for (const p of s.places) {
      // A head at zero predicts its bias; the phases of sines are spread by theirs.
      if (p.head || frequencyAfter(s.wiring, p.node.outputs[0]!) !== undefined) continue;
      const share = defaultBiasShare(s, p);
      const isZero = p.distribution?.std === 0;
      if (share !== undefined && share >= 0.5 && (!isZero || isZeroBranch(p))) shares.set(p, share);
    }
    return groupByCause([...shares.keys()]).flatMap((group): Cause[] => {
      const worst = group.places.reduce((a, b) => (shares.get(b)! > shares.get(a)! ? b : a));
      const share = shares.get(worst)!;
      // One such layer is soon lost among others; several in a row leave nothing of the input.
      if (group.places.length < 2 && !isZeroBranch(worst)) return [];
      // Weights so small that nothing gets through are the cause (IS109), with or without a bias.
      const sizes = effectOf(s, group.places);
      if ((sizes?.total ?? 1) <= 1e-6) return [];
      const bias = biasOf(s, worst);
      const name = s.layerOf(worst.index)?.name;
      const effect = isZeroBranch(worst)
        ? `the branch that ends with \`${name}\` does not start at zero, but adds a constant`
        : `${short(100 * share)} % of the variance after \`${name}\` is the bias, the same for every input`;
      return [
        {
          range: group.range,
          layer: name,
          severity: share >= 0.9 && (sizes?.count ?? 1) > 1 && !isZeroBranch(worst) ? 'warning' : 'info',
          message: `\`${group.setBy.what}\` sets the weights of ${named(s, group.places)} and leaves PyTorch's default bias, U(±1/√fan_in) with σ = ${short(bias?.distribution.std ?? 0)}: ${effect}. Zero the bias as well.`,
          ...(bias?.declaredAt && { related: [{ message: 'the bias is made here', range: bias.declaredAt }] }),
        },
      ];
    });
  },
};

/** Functions whose working range a bias can leave; sigmoids are often meant to start open or closed. */
const RECTIFIERS = new Set([
  'relu',
  'relu6',
  'leaky_relu',
  'selu',
  'elu',
  'gelu',
  'gelu_tanh',
  'silu',
  'mish',
  'softplus',
]);
const BOUNDED = new Set(['tanh', 'hardtanh', 'softsign', 'erf', 'atan']);

interface Shifted {
  readonly place: Place;
  readonly bias: Parameter;
  readonly value: number;
  /** Standard deviation of the pre-activations around the bias. */
  readonly std: number;
  readonly next: string;
}

function shifted(s: Subject): Shifted[] {
  return s.places.flatMap((place): Shifted[] => {
    const bias = biasOf(s, place);
    const variance = s.layerOf(place.index)?.forward?.variance;
    if (bias?.distribution.kind !== 'constant' || bias.distribution.mean === 0 || !bias.setBy.range) return [];
    const after = nextSteps(s.wiring, place.node.outputs[0]!);
    const [only] = after;
    if (after.length !== 1 || variance === undefined || variance <= 0) return [];
    const op = only!.operation;
    const norm = isTakenOff(s, place);
    if (!norm && op.kind !== 'activation') return [];
    const next = op.kind === 'activation' ? op.name : 'norm';
    if (next !== 'norm' && !RECTIFIERS.has(next) && !BOUNDED.has(next)) return [];
    return [{ place, bias, value: bias.distribution.mean, std: Math.sqrt(variance), next }];
  });
}

function told({ value, std, next }: Shifted): boolean {
  if (next === 'norm') return Math.abs(value) >= 0.01;
  return BOUNDED.has(next) ? Math.abs(value) >= 1 : Math.abs(value) >= std;
}

function consequence({ value, std, next }: Shifted): string {
  if (next === 'norm') return 'the norm behind takes the mean off again, so it has no effect';
  if (BOUNDED.has(next)) {
    const slope = next === 'tanh' ? ` there the slope of tanh is ${short(1 - Math.tanh(value) ** 2)}, not 1` : '';
    return `the units work around ${short(value)} instead of 0${slope && `;${slope}`}`;
  }
  const on = 100 * normalCdf(value / std);
  return value > 0
    ? `${short(on)} % of the pre-activations (σ = ${short(std)}) are positive, and the layer is nearly linear`
    : `only ${short(on)} % of the pre-activations (σ = ${short(std)}) are positive, and most units are off`;
}

export const biasShift: Rule = {
  code: 'IS141',
  name: 'bias-shift',
  severity: 'warning',
  find(s) {
    const all = shifted(s).filter(told);
    const byCall = new Map<string, Shifted[]>();
    for (const found of all) {
      const { range } = found.bias.setBy;
      const key = `${range?.file ?? ''} ${range?.start ?? ''} ${found.next === 'norm'}`;
      byCall.set(key, [...(byCall.get(key) ?? []), found]);
    }
    return [...byCall.values()].map((group): Cause => {
      const worst = group.reduce((a, b) => (Math.abs(b.value) / b.std > Math.abs(a.value) / a.std ? b : a));
      const harms = BOUNDED.has(worst.next) || (worst.value < 0 && worst.next !== 'norm');
      const value = short(worst.value);
      const layers = named(
        s,
        group.map((f) => f.place),
      );
      return {
        range: worst.bias.setBy.range,
        layer: s.layerOf(worst.place.index)?.name,
        severity: harms && !worst.place.head ? 'warning' : 'info',
        message: `The bias of ${layers} starts at ${value}: ${consequence(worst)}. Start biases at 0.`,
        ...(worst.bias.declaredAt && { related: [{ message: 'the bias is made here', range: worst.bias.declaredAt }] }),
      };
    });
  },
};
