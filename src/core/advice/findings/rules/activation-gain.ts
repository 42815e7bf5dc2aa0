import type { Severity } from '../../../model/index.js';
import {
  at,
  effectOf,
  groupByCause,
  named,
  scaleMatters,
  sigmaFor,
  smallMatters,
  type Effect,
  type Group,
} from '../causes.js';
import type { Cause, Rule, Subject } from '../rule.js';
import { chi, fixedPoint } from '../../../propagation/meanfield.js';
import { change, changes, over, short } from '../words.js';
import { isMiscountedGroup } from './fans.js';

const HE_LIKE = new Set(['kaiming_normal_', 'kaiming_uniform_']);
const XAVIER_LIKE = new Set(['xavier_normal_', 'xavier_uniform_']);
/** Activations that keep about half of E[z²], or less. */
const HALVING = new Set([
  'relu',
  'relu6',
  'leaky_relu',
  'rrelu',
  'gelu',
  'gelu_tanh',
  'quick_gelu',
  'silu',
  'mish',
  'hardswish',
]);
const SMOOTH = new Set(['gelu', 'gelu_tanh', 'quick_gelu', 'silu', 'mish', 'hardswish']);
const SATURATING = new Set(['tanh', 'sigmoid', 'softsign', 'hardtanh', 'erf', 'atan', 'hard_sigmoid']);

/** Groups of layers that some initializers set and some activations feed. */
function fedBy(
  s: Subject,
  setters: ReadonlySet<string>,
  activations: ReadonlySet<string>,
  matters: typeof scaleMatters,
): Group[] {
  const places = s.places.filter(
    (p) =>
      matters(s, p) &&
      !isMiscountedGroup(p) &&
      setters.has(p.parameter?.setBy.what ?? '') &&
      p.parameter?.setBy.range !== undefined &&
      activations.has(p.feeder.activation?.activation.name ?? ''),
  );
  return groupByCause(places);
}

/** The gain that a call of kaiming_* stands for; undefined where it isn't known. */
function isRectifierGain(group: Group): boolean {
  const given = group.setBy.arguments;
  const name = given?.['nonlinearity'];
  return name === 'relu' || (name === 'leaky_relu' && Math.abs(Number(given?.['a'] ?? 0)) < 0.1);
}

/** A warning where the layers together change the variance a hundredfold, a remark below. */
function weight(total: number): Severity {
  return Math.abs(Math.log10(total)) >= 2 ? 'warning' : 'info';
}

export const xavierAfterRelu: Rule = {
  code: 'IS101',
  name: 'xavier-after-relu',
  severity: 'warning',
  explainsScale: true,
  find: (s) =>
    fedBy(s, XAVIER_LIKE, HALVING, smallMatters).flatMap((group): Cause[] => {
      const sizes = effectOf(s, group.places);
      // Unequal fans, or a gain given to the call, may make up for the activation.
      if (!sizes || sizes.each > 0.8) return [];
      const { label, activation } = group.places[0].feeder;
      const name = activation?.activation.homogeneous === true ? 'He initialization, ' : '';
      return [
        {
          ...at(s, group),
          severity: weight(sizes.total),
          message: `\`${group.setBy.what}\` makes no allowance for the ${label} that feeds ${named(s, group.places)}: the variance ${change(sizes.each)} ${over(sizes)}. ${name}${sigmaFor(group.places[0])}${name && ','} keeps it.`,
        },
      ];
    }),
};

/** Where He's 2/fan_in leads in front of a bounded function, and what fits. */
function settled({ places: [{ feeder }] }: Group): string {
  const { activation, constants } = feeder.activation!;
  const net = { activation, constants, weightVariance: 2, biasVariance: 0 };
  const q = fixedPoint(net) ?? 0;
  const limit = q > 0 ? `the variance settles at ${short(q)}, and gradients ${changes(chi(net, q))} a layer.` : '';
  if (activation.name.includes('sigmoid'))
    return `${limit} No scale makes sigmoids pass gradients: use another activation, or a norm.`;
  const own = activation.name === 'tanh' ? "nonlinearity='tanh'" : `σ = ${short(1 / Math.sqrt(feeder.second))}/√fan_in`;
  return `${limit} With ${own} the variance stays near 1; with Xavier, or σ = 1/√fan_in, gradients neither grow nor vanish.`;
}

export const heAfterTanh: Rule = {
  code: 'IS102',
  name: 'he-after-tanh',
  severity: 'warning',
  explainsScale: true,
  find: (s) =>
    fedBy(s, HE_LIKE, SATURATING, scaleMatters)
      .filter(isRectifierGain)
      .map((group) => {
        return {
          ...at(s, group),
          // Over four layers the excess of √2 is a factor of 4 in the linear regime.
          severity: group.places.length >= 4 ? ('warning' as const) : ('info' as const),
          message: `\`${group.setBy.what}\` has the gain of ReLU, √2, but ${named(s, group.places)} ${group.places.length === 1 ? 'is' : 'are'} fed by ${group.places[0].feeder.label}: ${settled(group)}`,
        };
      }),
};

/**
 * What the simulation finds from the first to the last of layers in a row: around the fixed point of GELU and its like a
 * deviation grows, so that more is lost than the gain alone says.
 */
function simulatedChange(s: Subject, { places }: Group, { count }: Effect): string | undefined {
  const [first, last] = [places[0], places.at(-1)].map((p) => p && s.layerOf(p.index));
  const [before, after] = [first?.forward?.variance ?? 0, last?.forward?.variance ?? 0];
  if (count < 2 || count < places.length || before <= 0 || after <= 0) return undefined;
  return `${change(after / before)} from \`${first?.name}\` to \`${last?.name}\`, ${count} layers in a row`;
}

export const heForSmooth: Rule = {
  code: 'IS103',
  name: 'he-for-gelu',
  severity: 'info',
  explainsScale: true,
  find: (s) =>
    fedBy(s, HE_LIKE, SMOOTH, smallMatters)
      .filter((group) => isRectifierGain(group) && group.setBy.arguments?.['mode'] === 'fan_in')
      .flatMap((group): Cause[] => {
        const sizes = effectOf(s, group.places);
        const { label, second } = group.places[0].feeder;
        if (!sizes || Math.abs(Math.log10(sizes.total)) < 0.5) return [];
        return [
          {
            ...at(s, group),
            message: `He's gain √2 is that of ReLU; ${label}, which feeds ${named(s, group.places)}, needs ${short(1 / Math.sqrt(second))}: the variance ${simulatedChange(s, group, sizes) ?? `${change(sizes.each)} ${over(sizes)}`}.`,
          },
        ];
      }),
};

export const slopeIgnored: Rule = {
  code: 'IS104',
  name: 'kaiming-slope-ignored',
  severity: 'warning',
  find: (s) =>
    groupByCause(s.places.filter((p) => HE_LIKE.has(p.parameter?.setBy.what ?? '')))
      .filter(({ setBy }) => {
        const a = setBy.arguments?.['a'];
        const name = setBy.arguments?.['nonlinearity'];
        return (
          setBy.range !== undefined && typeof a === 'number' && a !== 0 && name !== undefined && name !== 'leaky_relu'
        );
      })
      .map((group) => {
        const { a, nonlinearity } = group.setBy.arguments as { a: number; nonlinearity: string };
        return {
          ...at(s, group),
          message: `\`a=${short(a)}\` has no effect: PyTorch reads it only with nonlinearity='leaky_relu', and here it is '${nonlinearity}'.`,
        };
      }),
};

export const seluNotLecun: Rule = {
  code: 'IS111',
  name: 'selu-without-lecun',
  severity: 'warning',
  explainsScale: true,
  find: (s) =>
    groupByCause(
      s.places.filter(
        (p) =>
          smallMatters(s, p) &&
          p.feeder.activation?.activation.name === 'selu' &&
          p.parameter?.setBy.range !== undefined,
      ),
    ).flatMap((group): Cause[] => {
      const sizes = effectOf(s, group.places);
      if (!sizes || Math.abs(sizes.each - 1) < 0.15) return [];
      return [
        {
          ...at(s, group),
          severity: group.places.length >= 3 ? 'warning' : 'info',
          message: `SELU normalizes itself only with weights of variance 1/fan_in; \`${group.setBy.what}\` gives ${named(s, group.places)} ${short(sizes.each)}/fan_in. Use kaiming_normal_(…, nonlinearity='linear').`,
        },
      ];
    }),
};
