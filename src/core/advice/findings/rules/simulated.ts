import type { LayerReport } from '../../../model/index.js';
import type { Cause, Rule, Subject } from '../rule.js';
import { short } from '../words.js';

interface Reach {
  readonly first: LayerReport;
  readonly last: LayerReport;
  /** Gradient variance at the first layer over that at the last. */
  readonly ratio: number;
  readonly layers: number;
}

/** Layers with weights that carry both values, from the input to the output. */
function chain(s: Subject): LayerReport[] {
  const seen = new Set<LayerReport>();
  for (const p of s.places) {
    const layer = s.layerOf(p.index);
    if (layer?.forward && layer.backward && p.node.operation.kind !== 'embedding') seen.add(layer);
  }
  return [...seen];
}

function gradientReach(s: Subject): Reach | undefined {
  const layers = chain(s);
  const [first] = layers;
  const last = layers.at(-1);
  if (!first?.backward || !last?.backward || layers.length < 4) return undefined;
  // A zero-initialized end holds the gradient back at the first step only.
  if (first.backward.variance === 0 || last.backward.variance === 0) return undefined;
  return { first, last, ratio: first.backward.variance / last.backward.variance, layers: layers.length };
}

/** What the scale of most layers comes from, and what follows. */
function because(s: Subject): string {
  const atDefault = s.places.filter((p) => p.parameter?.setBy.range === undefined).length;
  return atDefault * 2 > s.places.length
    ? "Most layers have PyTorch's default initialization, σ² = 1/(3·fan_in), which no activation makes up for; the first layers will not learn."
    : 'The first layers will not learn.';
}

function gradientCause(s: Subject, reach: Reach, word: 'falls' | 'grows'): Cause {
  const factor = word === 'falls' ? 1 / reach.ratio : reach.ratio;
  const each = factor ** (1 / Math.max(1, reach.layers - 1));
  return {
    range: s.model.definedAt,
    layer: reach.first.name,
    message: `The gradient's variance ${word} ${short(each)}× a layer on its way back: \`${reach.first.name}\` gets ${short(reach.ratio)} of what \`${reach.last.name}\` gets. ${word === 'falls' ? because(s) : 'The first steps will blow up.'} The hover of each layer names the σ that keeps it.`,
    ...(reach.first.declaredAt && {
      related: [{ message: `\`${reach.first.name}\` is made here`, range: reach.first.declaredAt }],
    }),
  };
}

export const gradientVanishes: Rule = {
  code: 'IS003',
  name: 'gradient-vanishes',
  severity: 'warning',
  find(s) {
    const reach = gradientReach(s);
    return reach && reach.ratio < 10 ** -s.thresholds.gradientDecades ? [gradientCause(s, reach, 'falls')] : [];
  },
};

export const gradientExplodes: Rule = {
  code: 'IS004',
  name: 'gradient-explodes',
  severity: 'warning',
  find(s) {
    const reach = gradientReach(s);
    return reach && reach.ratio > 10 ** s.thresholds.gradientDecades ? [gradientCause(s, reach, 'grows')] : [];
  },
};

export const signalExplodes: Rule = {
  code: 'IS002',
  name: 'signal-explodes',
  severity: 'warning',
  find(s) {
    const layers = chain(s);
    const worst = layers.reduce<LayerReport | undefined>(
      (a, b) => ((b.forward?.variance ?? 0) > (a?.forward?.variance ?? 0) ? b : a),
      undefined,
    );
    const variance = worst?.forward?.variance ?? 0;
    if (!worst || variance < 10 ** s.thresholds.signalDecades) return [];
    return [
      {
        range: s.model.definedAt,
        layer: worst.name,
        message: `The signal grows to a variance of ${short(variance)} at \`${worst.name}\` (values of about ${short(Math.sqrt(variance))}${variance > 65504 ** 2 ? ', more than float16 can hold' : ''}). The hover of each layer names the σ that keeps it at 1.`,
        ...(worst.declaredAt && { related: [{ message: `\`${worst.name}\` is made here`, range: worst.declaredAt }] }),
      },
    ];
  },
};
