import type { Subject, Cause, Rule } from '../../rule.js';
import { carriesMean, effectOf, factorOf, scaleMatters, sigmaFor, type Effect } from '../../causes.js';
import { short } from '../../words.js';
import { because, chain, gradientReach, placed, type Step } from './chain.js';

/** float16's largest number. */
export const LARGEST_HALF = 65504;

/** What weights let through of the input's variance is told below this, as a remark. */
const LITTLE = 1e-5;

/** A gradient's change that is told beside the signal's. */
const MUCH = 1e3;

/** Default biases hold the variance at about 0.4/width: what is left that is not from them is less. */
const FLOOR = 0.03;

/** Two inputs answer nearly the same. */
const ALIKE = 0.999;

/** Fewer layers behind each other are slow to start, not lost. */
const FEW = 5;

interface Fall {
  /** Layers whose scale reaches the last of them. */
  readonly steps: readonly [Step, ...Step[]];
  readonly last: Step;
  readonly effect: Effect;
  /** Variance at the last over that of the input. */
  readonly ratio: number;
}

/** How far the signal falls over layers that no norm follows; undefined where a norm behind them restores it. */
function fallOf(s: Subject): Fall | undefined {
  const [first, ...more] = chain(s).filter(({ place }) => scaleMatters(s, place));
  const last = more.at(-1);
  if (first === undefined || last === undefined || [first, ...more].some(({ place }) => carriesMean(place)))
    return undefined;
  const isRestored = s.model.graph.nodes.some((n, i) => i > last.place.index && s.wiring.isNorm(n));
  const before = s.signals.forward(first.place.node.inputs[0]!)?.variance ?? 0;
  const effect = effectOf(
    s,
    [first, ...more].map((step) => step.place),
  );
  if (isRestored || before <= 0 || effect === undefined || effect.count < FEW || effect.each >= 1) return undefined;
  return { steps: [first, ...more], last, effect, ratio: last.forward.variance / before };
}

/** The factor of the layer in the middle, when all are ordered by it. */
function typical(steps: readonly Step[]): number {
  const factors = steps.flatMap(({ place }) => factorOf(place) ?? []).sort((a, b) => a - b);
  return factors[factors.length >> 1] ?? 1;
}

function backToo(s: Subject, isFar: (ratio: number) => boolean): string {
  const reach = gradientReach(s);
  return reach && isFar(reach.ratio)
    ? ` On the way back \`${reach.first.layer.name}\` gets ${short(reach.ratio)} of the gradient's variance at \`${reach.last.layer.name}\`.`
    : '';
}

export const signalVanishes: Rule = {
  code: 'IS001',
  name: 'signal-vanishes',
  severity: 'warning',
  find(s): Cause[] {
    const fall = fallOf(s);
    if (fall === undefined || fall.effect.total > LITTLE || fall.ratio > FLOOR) return [];
    const { steps, last, effect, ratio } = fall;
    const limit = 10 ** -s.thresholds.gradientDecades;
    const back = gradientReach(s)?.ratio ?? 1;
    const isFar = ratio < 10 ** -s.thresholds.signalDecades || back < limit;
    // More than the weights let through is what the biases add, the same for every input.
    const isHeld = (s.signals.correlation(last.place.node.outputs[0]!) ?? 0) > ALIKE;
    const held = isHeld ? ', and that from the biases, so that all inputs look alike' : '';
    const each = isHeld ? 1 / typical(steps) : ratio ** (-1 / effect.count);
    const middle = steps[steps.length >> 1] ?? last;
    return [
      {
        ...placed(s, steps, middle),
        severity: isFar ? 'warning' : 'info',
        message: `The signal's variance falls ${short(each)}× a layer: ${short(ratio)} of the input's is left at \`${last.layer.name}\`, ${effect.count} layers deep${held}.${backToo(s, (r) => r < 1 / MUCH)}${because(s)} ${sigmaFor(middle.place)} keeps it.`,
      },
    ];
  },
};

export const signalExplodes: Rule = {
  code: 'IS002',
  name: 'signal-explodes',
  severity: 'warning',
  find(s): Cause[] {
    const steps = chain(s);
    const [first, ...more] = steps;
    if (first === undefined) return [];
    const worst = more.reduce((a, b) => (b.forward.variance > a.forward.variance ? b : a), first);
    const { variance } = worst.forward;
    if (variance < 10 ** s.thresholds.signalDecades) return [];
    const half = variance > LARGEST_HALF ** 2 ? ', more than float16 can hold' : '';
    return [
      {
        ...placed(s, steps, worst),
        message: `The signal grows to a variance of ${short(variance)} at \`${worst.layer.name}\` (values of about ${short(Math.sqrt(variance))}${half}).${backToo(s, (r) => r > MUCH)} The hover of each layer names the σ that keeps it at 1.`,
      },
    ];
  },
};
