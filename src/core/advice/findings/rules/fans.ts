import {
  at,
  effectOf,
  factorOf,
  groupByCause,
  named,
  scaleMatters,
  sigmaFor,
  type Effect,
  type Group,
} from '../causes.js';
import type { ValueId } from '../../../model/index.js';
import { activationNamed } from '../../../propagation/activations/index.js';
import { nextSteps } from '../../recommendation/graph-walk.js';
import type { Place } from '../../recommendation/place.js';
import type { Cause, Rule, Subject } from '../rule.js';
import { change, count, over, short } from '../words.js';

/** A norm stands behind so many further layers, and what is between scales with its input: the scale goes as it came. */
function isNormedLater(s: Subject, value: ValueId, layers: number): boolean {
  const after = nextSteps(s.wiring, value);
  return (
    after.length > 0 &&
    after.every((node) => {
      const { operation: op, outputs } = node;
      if (s.wiring.isNorm(node)) return true;
      const isScaled = op.kind === 'activation' && activationNamed(op.name)?.homogeneous === true;
      const isLayer = (op.kind === 'convolution' || op.kind === 'linear') && layers > 0;
      return (isScaled || isLayer) && isNormedLater(s, outputs[0]!, isLayer ? layers - 1 : layers);
    })
  );
}

function matters(s: Subject, p: Place): boolean {
  return scaleMatters(s, p) && !isNormedLater(s, p.node.outputs[0]!, 1);
}

/** What an initializer counted as inputs, and what each output really sums. */
interface Counted {
  /** As its formula has it: σ² = gain²/count. */
  readonly count: number;
  readonly name: 'fan_in' | 'fan_out' | '(fan_in + fan_out)/2';
}

/** The fan that set a weight's scale, as torch counts it; undefined for scales that come from no fan. */
function countedFan({ parameter }: Place): Counted | undefined {
  const { fanIn, fanOut, setBy } = parameter ?? {};
  if (fanIn === undefined || fanOut === undefined || setBy === undefined) return undefined;
  switch (setBy.what) {
    case 'kaiming_normal_':
    case 'kaiming_uniform_':
      return String(setBy.arguments?.['mode'] ?? 'fan_in').toLowerCase() === 'fan_out'
        ? { count: fanOut, name: 'fan_out' }
        : { count: fanIn, name: 'fan_in' };
    case 'xavier_normal_':
    case 'xavier_uniform_':
      return { count: (fanIn + fanOut) / 2, name: '(fan_in + fan_out)/2' };
    case 'default':
      return setBy.range === undefined ? { count: fanIn, name: 'fan_in' } : undefined;
    default:
      return undefined;
  }
}

/** Set by a count of outputs, which torch does not divide by the groups of a grouped convolution. */
export function isMiscountedGroup(p: Place): boolean {
  const op = p.node.operation;
  if (op.kind !== 'convolution' || op.groups === 1 || op.transposed || !p.parameter?.setBy.range) return false;
  return countedFan(p)?.name !== 'fan_in' && (p.parameter.fanOut ?? 0) > 1.5 * (p.fan.fanOut ?? Infinity);
}

function isFarOff({ total }: Effect): boolean {
  return Math.abs(Math.log10(total)) >= 1;
}

/** The first is often fed by data; the one in the middle is like most. */
function typicalOf({ places }: Group): Place {
  return places[places.length >> 1] ?? places[0];
}

export const groupedFans: Rule = {
  code: 'IS124',
  name: 'grouped-fan-out',
  severity: 'warning',
  explainsScale: true,
  find: (s) =>
    groupByCause(s.places.filter((p) => matters(s, p) && isMiscountedGroup(p))).flatMap((group): Cause[] => {
      const [first] = group.places;
      const op = first.node.operation;
      const counted = countedFan(first);
      const sizes = effectOf(s, group.places);
      if (op.kind !== 'convolution' || !counted || !sizes || sizes.each > 0.7) return [];
      const kind = first.parameter?.shape[1] === 1 ? 'depthwise' : `with groups=${op.groups}`;
      return [
        {
          ...at(s, group),
          severity: isFarOff(sizes) ? 'warning' : 'info',
          message: `\`${group.setBy.what}\` counts ${counted.name} = ${count(counted.count)} for ${named(s, group.places)}, ${kind}: fan_out is not divided by the ${op.groups} groups, and each output sums ${count(first.fan.fanIn ?? 0)} inputs. The variance ${change(sizes.each)} ${over(sizes)}. kaiming_normal_ with mode='fan_in' counts right.`,
        },
      ];
    }),
};

/** Transposed convolutions whose σ comes from a count that is off by two or more, to the side that the variance goes to. */
function miscounted(s: Subject): Place[] {
  return s.places.filter((p) => {
    const op = p.node.operation;
    const counted = countedFan(p);
    const { fanIn } = p.fan;
    if (op.kind !== 'convolution' || !op.transposed || !counted || fanIn === undefined) return false;
    const ratio = counted.count / fanIn;
    return matters(s, p) && (ratio >= 2 || ratio <= 0.5);
  });
}

function transposedCause(s: Subject, group: Group): Cause[] {
  const typical = typicalOf(group);
  const op = typical.node.operation;
  const counted = countedFan(typical);
  const sizes = effectOf(s, group.places);
  const { fanIn } = typical.fan;
  if (op.kind !== 'convolution' || !counted || !sizes || fanIn === undefined) return [];
  // A gain or a σ chosen by hand may make up for the count.
  if (Math.abs(Math.log2(sizes.each)) < 1 || counted.count > fanIn !== sizes.each < 1) return [];
  const isDefault = group.setBy.range === undefined;
  if (isDefault && sizes.total > 1e-2) return [];
  const who = isDefault ? "PyTorch's default" : `\`${group.setBy.what}\``;
  const more = group.places.length === 1 ? '' : ` (and ${group.places.length - 1} more)`;
  return [
    {
      ...at(s, group),
      severity: isDefault || !isFarOff(sizes) ? 'info' : 'warning',
      message: `${who} counts ${counted.name} = ${count(counted.count)} for the transposed convolution \`${s.layerOf(typical.index)?.name ?? ''}\`${more}, where each output sums C_in·k²/s² = ${count(fanIn)} inputs: the variance ${change(sizes.each)} ${over(sizes)}. ${sigmaFor(typical)} with fan_in = ${count(fanIn)} keeps it.`,
    },
  ];
}

export const transposedFans: Rule = {
  code: 'IS125',
  name: 'transposed-fans',
  severity: 'warning',
  find(s) {
    const places = miscounted(s);
    const byCall = groupByCause(places.filter((p) => p.parameter?.setBy.range));
    // The default is one cause, wherever the layers are made.
    const [first, ...more] = places.filter((p) => !p.parameter?.setBy.range);
    const byDefault: Group[] = first
      ? [{ range: first.parameter?.declaredAt, setBy: { what: 'default' }, places: [first, ...more] }]
      : [];
    return [...byCall, ...byDefault].flatMap((group) => transposedCause(s, group));
  },
};

export const fanOrder: Rule = {
  code: 'IS127',
  name: 'fan-order',
  severity: 'info',
  find: (s) =>
    groupByCause(
      s.places.filter((p) => {
        const op = p.node.operation;
        return op.kind === 'linear' && op.transposed === true && matters(s, p) && p.parameter?.setBy.range;
      }),
    ).flatMap((group): Cause[] => {
      const [first] = group.places;
      const counted = countedFan(first);
      const { fanIn } = first.fan;
      if (!counted || counted.name === '(fan_in + fan_out)/2' || fanIn === undefined) return [];
      const ratio = fanIn / counted.count;
      if (Math.abs(Math.log(ratio)) < Math.log(1.5)) return [];
      const other = counted.name === 'fan_in' ? 'fan_out' : 'fan_in';
      const axis = counted.name === 'fan_in' ? 'second' : 'first';
      return [
        {
          ...at(s, group),
          message: `\`${group.setBy.what}\` counts ${counted.name} = ${count(counted.count)}, the ${axis} axis of \`${first.parameter?.name ?? ''}\`, but \`x @ weight\` sums over ${axis === 'first' ? 'this' : 'the first'}, ${count(fanIn)}: the variance is ${short(ratio > 1 ? ratio : 1 / ratio)}× too ${ratio > 1 ? 'large' : 'small'}. mode='${other}' counts it right, or keep the weight as (out, in) for F.linear.`,
        },
      ];
    }),
};

export const orthogonalShape: Rule = {
  code: 'IS134',
  name: 'orthogonal-expanding',
  severity: 'info',
  find: (s) =>
    groupByCause(
      s.places.filter((p) => {
        const d = p.distribution;
        const { fanIn } = p.fan;
        if (d?.kind !== 'orthogonal' || fanIn === undefined || !p.parameter?.setBy.range || !matters(s, p))
          return false;
        // A larger gain may make up for what the others hold.
        if ((factorOf(p) ?? 1) > 0.7) return false;
        return (fanIn * d.std ** 2) / d.gain ** 2 <= 0.5;
      }),
    ).flatMap((group): Cause[] => {
      const [first] = group.places;
      const { distribution: d, fan, node } = first;
      if (d?.kind !== 'orthogonal' || fan.fanIn === undefined) return [];
      const side = (d.gain / d.std) ** 2;
      const share = (fan.fanIn * d.std ** 2) / d.gain ** 2;
      const matrix = node.operation.kind === 'convolution' ? 'the kernel, flattened to a matrix' : 'the matrix';
      return [
        {
          ...at(s, group),
          message: `\`orthogonal_\` gives unit vectors along the longer side of ${matrix}, ${count(Math.round(side))}; each output of ${named(s, group.places)} sums ${count(fan.fanIn)} inputs, so its variance is gain²·${count(fan.fanIn)}/${count(Math.round(side))} = ${short(share * d.gain ** 2)} times theirs, not gain² = ${short(d.gain ** 2)}. A gain of ${short(d.gain / Math.sqrt(share))} makes up for it.`,
        },
      ];
    }),
};
