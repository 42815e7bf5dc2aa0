import type { Place } from '../../recommendation/place.js';
import {
  at,
  carriesMean,
  effectOf,
  groupByCause,
  named,
  scaleMatters,
  sigmaFor,
  smallMatters,
  type Group,
} from '../causes.js';
import type { Cause, Rule, Subject } from '../rule.js';
import { change, over, short } from '../words.js';

/** Initializers whose scale is a number in the code, not taken from the layer's size. */
const FIXED = new Set(['normal_', 'uniform_', 'trunc_normal_', 'randn', 'rand', 'data', 'copy_', 'normal', 'uniform']);

/** Groups of layers that were set to such a scale: one for all, where code that computes it from the layer's size gives several. */
function fixed(s: Subject, matters: typeof scaleMatters): Group[] {
  return groupByCause(
    s.places.filter((p) => matters(s, p) && p.parameter?.setBy.range && FIXED.has(p.parameter.setBy.what)),
  ).filter(({ places: [first, ...more] }) => more.every((p) => p.distribution?.std === first.distribution?.std));
}

/** The scale that keeps the variance at most layers of a group: the first is often fed by data, the rest by an activation. */
function keeps({ places }: Group): string {
  const typical = places[places.length >> 1] ?? places[0];
  const { fanIn } = typical.fan;
  const sigma = sigmaFor(typical);
  return fanIn === undefined ? sigma : `${sigma} = ${short(1 / Math.sqrt(typical.feeder.second * fanIn))}`;
}

export const unitScale: Rule = {
  code: 'IS108',
  name: 'scale-without-fan-in',
  severity: 'warning',
  explainsScale: true,
  find: (s) =>
    fixed(s, scaleMatters).flatMap((group): Cause[] => {
      const sizes = effectOf(s, group.places);
      if (!sizes || sizes.each < 10) return [];
      const [first] = group.places;
      const d = first.distribution;
      const drawn = d?.kind === 'uniform' ? `U(${short(d.low)}, ${short(d.high)})` : `σ = ${short(d?.std ?? 0)}`;
      const bounded = group.places.some((p) => p.feeder.activation?.activation.saturated !== undefined);
      const effect = bounded
        ? 'the pre-activations have a variance of about ' + short(sizes.each) + ' and saturate the units'
        : `the variance ${change(sizes.each)} ${over(sizes)}`;
      return [
        {
          ...at(s, group),
          message: `${drawn} does not shrink with the ${short(first.fan.fanIn ?? 0)} inputs that each unit of ${named(s, group.places)} sums: ${effect}. ${keeps(group)} keeps it at 1.`,
        },
      ];
    }),
};

/** Its bias is a number on purpose, and small weights leave it at that: a gate that starts open. */
function startsAtBias(s: Subject, { fan }: Place): boolean {
  const bias = fan.bias === undefined ? undefined : s.model.parameters[fan.bias]?.distribution;
  return bias?.kind === 'constant' && bias.mean !== 0;
}

export const tinyScale: Rule = {
  code: 'IS109',
  name: 'scale-too-small',
  severity: 'warning',
  explainsScale: true,
  find: (s) =>
    fixed(s, smallMatters).flatMap((group): Cause[] => {
      const sizes = group.places.some((p) => carriesMean(p) || startsAtBias(s, p))
        ? undefined
        : effectOf(s, group.places);
      // Six decades of variance are three of the signal: what deep plain nets were seen not to recover from.
      if (!sizes || sizes.each > 0.5 || sizes.total > 1e-6) return [];
      const [first] = group.places;
      return [
        {
          ...at(s, group),
          message: `σ = ${short(first.distribution?.std ?? 0)} is too small for ${named(s, group.places)}: the variance ${change(sizes.each)} ${over(sizes)}. ${keeps(group)} keeps it.`,
        },
      ];
    }),
};

export const sigmoidStack: Rule = {
  code: 'IS133',
  name: 'sigmoid-stack',
  severity: 'warning',
  explainsScale: true,
  find(s) {
    const places = s.places.filter(
      (p) => scaleMatters(s, p) && !s.isStopped(p) && p.feeder.activation?.activation.name === 'sigmoid',
    );
    const [first, ...more] = places;
    if (!first || more.length < 2) return [];
    const layer = s.layerOf(first.index);
    return [
      {
        range: first.parameter?.declaredAt,
        layer: layer?.name,
        message: `${places.length} layers stand behind sigmoids. No initialization carries a gradient through them: at the best scale a layer passes 0.153 of its variance, 0.153^${places.length} = ${short(0.153 ** places.length)} in all. Use tanh, ReLU or GELU, or normalize.`,
      },
    ];
  },
};

/** Logits of variance v cost about v/2 nats above log(vocabulary): below two nats nothing is said. */
const LOUD_LOGITS = 4;

export const tiedEmbedding: Rule = {
  code: 'IS129',
  name: 'tied-embedding-scale',
  severity: 'warning',
  find: (s) =>
    s.places.flatMap((p): Cause[] => {
      const std = p.distribution?.std ?? 0;
      if (p.node.operation.kind !== 'embedding' || std < 0.5) return [];
      const output = s.places.find(
        (q) => q.node.operation.kind === 'linear' && q.fan.weight === p.fan.weight && q.head,
      );
      if (!output) return [];
      const features = p.fan.fanOut ?? 0;
      // What comes in may be scaled down (T5 divides by √d), so the simulated variance counts where there is one.
      const variance = s.layerOf(output.index)?.forward?.variance ?? std ** 2 * features;
      if (variance < LOUD_LOGITS) return [];
      return [
        {
          range: p.parameter?.setBy.range ?? p.parameter?.declaredAt,
          layer: s.layerOf(p.index)?.name,
          message: `The embedding is also the output layer: with σ = ${short(std)} its ${short(features)} features add up to logits with a standard deviation of about ${short(Math.sqrt(variance))}, and the first loss is far above log(vocabulary). σ = 0.02, or 1/√${short(features)}, starts it right.`,
        },
      ];
    }),
};

export const paddingOverwritten: Rule = {
  code: 'IS123',
  name: 'padding-row-overwritten',
  severity: 'warning',
  find: (s) =>
    s.places.flatMap((p): Cause[] => {
      const op = p.node.operation;
      const setBy = p.parameter?.setBy;
      if (op.kind !== 'embedding' || op.paddingIndex === undefined || !setBy?.range || setBy.part) return [];
      if (p.distribution?.kind === 'constant' && p.distribution.mean === 0) return [];
      return [
        {
          range: setBy.range,
          layer: s.layerOf(p.index)?.name,
          message: `\`${setBy.what}\` fills the padding row ${op.paddingIndex} too, which nn.Embedding had set to zero and will not train: padding tokens carry a random vector for good. Zero the row again afterwards.`,
        },
      ];
    }),
};
