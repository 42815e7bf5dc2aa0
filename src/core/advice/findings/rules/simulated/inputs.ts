import type { ValueId } from '../../../../model/index.js';
import type { Cause, Rule, Subject } from '../../rule.js';
import { short } from '../../words.js';
import { chain, gradientReach, placed } from './chain.js';

/** 1 − c of two inputs: values differ by 10⁻⁴ of their size, below the digits of float16 and bfloat16. */
const ALIKE = 1e-8;

/** Every step on the way to a value is known: behind one that isn't, a simulation begins anew. */
function isFollowed({ model, signals, wiring }: Subject, value: ValueId): boolean {
  return model.graph.nodes.every(({ outputs }) =>
    outputs.every((v) => signals.forward(v) !== undefined || !wiring.dependsOn(value, v)),
  );
}

export const inputsAlike: Rule = {
  code: 'IS006',
  name: 'inputs-look-alike',
  severity: 'warning',
  find(s): Cause[] {
    const steps = chain(s);
    const head = steps.filter(({ place }) => place.head).at(-1);
    const input = s.model.graph.inputs[0];
    const features = head?.place.node.inputs[0];
    if (head === undefined || features === undefined || input === undefined) return [];
    // Gates at zero let nothing of the input through at the first step, and no gradient either.
    if (gradientReach(s) === undefined || !s.wiring.dependsOn(features, input)) return [];
    const apart = 1 - (s.signals.correlation(features) ?? 0);
    if (apart > ALIKE || !isFollowed(s, features)) return [];
    const said = apart > 1e-15 ? `1 − ${short(apart)}` : '1';
    return [
      {
        ...placed(
          s,
          steps.filter((step) => !step.place.head),
          head,
        ),
        message: `All inputs look alike at \`${head.layer.name}\`: the features of two different inputs have a correlation of ${said}, so the output hardly depends on the input. Biases, or means of weights, outweigh what the weights carry on: set biases to zero and σ to the gain of each activation.`,
      },
    ];
  },
};
