import { activationNamed, constantsOf, saturatedShare } from '../../../../propagation/activations/index.js';
import { makerOf, movesEntries, nextSteps, reachesOutput } from '../../../recommendation/graph-walk.js';
import type { Place } from '../../../recommendation/place.js';
import { named } from '../../causes.js';
import type { Cause, Rule, Subject } from '../../rule.js';
import { short } from '../../words.js';
import { chain, placed, type Step } from './chain.js';

/** Flat at both ends. A rectifier's flat half is what it is for. */
const BOUNDED = new Set(['tanh', 'sigmoid', 'softsign', 'hardtanh', 'erf', 'atan', 'hard_sigmoid']);

interface Saturated {
  readonly step: Step;
  readonly label: string;
  readonly share: number;
  /** Of the pre-activations. */
  readonly variance: number;
}

/** Bounded activations in the middle of the network, by the layer that makes their pre-activations. */
function saturations(s: Subject): Saturated[] {
  const steps = new Map(chain(s).map((step) => [step.place.node, step]));
  return s.model.graph.nodes.flatMap((node, i): Saturated[] => {
    const op = node.operation;
    const [from] = node.inputs;
    const [to] = node.outputs;
    if (op.kind !== 'activation' || !BOUNDED.has(op.name) || from === undefined || to === undefined) return [];
    // A gate may stand open or closed.
    const isGate = nextSteps(s.wiring, to).some((n) => n.operation.kind === 'multiply');
    const step = steps.get(makerOf(s.wiring, from, movesEntries)?.node ?? node);
    const activation = activationNamed(op.name);
    const before = s.signals.forward(from);
    if (isGate || reachesOutput(s.wiring, to) || !step || !activation || !before) return [];
    const share =
      s.layerOf(i)?.finite?.saturated ??
      saturatedShare(activation, before.mean, before.variance, constantsOf(activation, op.constants));
    return [{ step, label: activation.label, share, variance: before.variance }];
  });
}

export const saturatedUnits: Rule = {
  code: 'IS005',
  name: 'saturated-units',
  severity: 'warning',
  find(s): Cause[] {
    const found = saturations(s).filter((f) => f.share > 0.5);
    const [first] = found;
    if (first === undefined) return [];
    const worst = found.reduce((a, b) => (b.share > a.share ? b : a), first);
    const steps = found.map((f) => f.step);
    const layers = named(
      s,
      steps.map((step) => step.place),
    );
    return [
      {
        ...placed(s, steps, worst.step),
        message: `${short(100 * worst.share)} % of the ${worst.label} units behind \`${worst.step.layer.name}\` are saturated: their pre-activations have a variance of ${short(worst.variance)}, and where ${worst.label} is flat hardly any gradient comes back. Give ${layers} a σ that brings it to 1, or normalize.`,
      },
    ];
  },
};

/** The axis along which a layer's units lie. */
function unitAxis(s: Subject, { node }: Place): number {
  const rank = s.model.graph.values[node.outputs[0]!]?.shape.length ?? 1;
  return node.operation.kind === 'convolution' ? 1 : rank - 1;
}

export const symmetricUnits: Rule = {
  code: 'IS007',
  name: 'symmetric-units',
  severity: 'error',
  find(s): Cause[] {
    const alike = chain(s).filter(
      ({ place, backward }) =>
        (place.fan.fanOut ?? 0) > 1 &&
        backward.variance > 0 &&
        s.signals.unitsAlike(place.node.outputs[0]!, unitAxis(s, place)) === true,
    );
    const [first] = alike;
    if (first === undefined) return [];
    const layers = named(
      s,
      alike.map((step) => step.place),
    );
    return [
      {
        ...placed(s, alike, first),
        message: `All units of ${layers} compute the same and get the same gradient, so that training never parts them: a layer counts as one unit. Draw their weights at random.`,
      },
    ];
  },
};
