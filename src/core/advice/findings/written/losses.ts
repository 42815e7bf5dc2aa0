import type { Model, SourceRange } from '../../../model/index.js';
import { movesEntries, Wiring } from '../../recommendation/graph-walk.js';
import { survey } from '../../recommendation/place.js';
import type { Cause } from '../rule.js';
import { short } from '../words.js';
import type { Written, WrittenCall, WrittenRule } from './written.js';

const CROSS_ENTROPY = /^torch\.nn\.(?:CrossEntropyLoss|functional\.cross_entropy)$/;
const BINARY = /^torch\.nn\.(?:BCEWithLogitsLoss|functional\.binary_cross_entropy_with_logits)$/;
/** Losses that take probabilities or their logarithms: which model's output goes into which loss is then open. */
const OF_PROBABILITIES = /^torch\.nn\.(?:NLLLoss|BCELoss|functional\.(?:nll_loss|binary_cross_entropy))$/;
const FOCAL = /(?:^|\.)(?:sigmoid_focal_loss|(?:Sigmoid|Binary)FocalLoss)$/;

interface Ending {
  readonly kind: 'softmax' | 'sigmoid';
  readonly range: SourceRange | undefined;
  readonly classes: number | undefined;
}

/** The softmax or sigmoid that a model's only output comes from. */
function endingOf({ graph }: Model): Ending | undefined {
  const [output, ...more] = graph.outputs;
  if (output === undefined || more.length > 0) return undefined;
  const wiring = new Wiring(graph);
  let at = output;
  for (let i = 0; i < 6; i++) {
    const node = wiring.producer(at);
    const op = node?.operation;
    if (node === undefined || op === undefined) return undefined;
    if (op.kind === 'softmax' && !op.log) {
      const size = graph.values[at]?.shape[op.axis];
      return { kind: 'softmax', range: node.range, classes: typeof size === 'number' ? size : undefined };
    }
    if (op.kind === 'activation' && op.name === 'sigmoid') return { kind: 'sigmoid', range: node.range, classes: 2 };
    const from = node.inputs[0];
    if (from === undefined || !movesEntries(op) || op.kind === 'reduce') return undefined;
    at = from;
  }
  return undefined;
}

/** Every model of the file ends so, so whichever goes into the loss does. */
function endings(w: Written, kind: Ending['kind']): Ending[] {
  const all = w.models.map(endingOf);
  return all.every((e): e is Ending => e?.kind === kind) ? all : [];
}

function doubled(w: Written, kind: Ending['kind'], loss: WrittenCall | undefined): Cause[] {
  const [first] = loss ? endings(w, kind) : [];
  if (!first || !loss) return [];
  const short_ = loss.name.replace(/^.*\./, '');
  const what =
    kind === 'softmax'
      ? `The model ends in a softmax, and \`${short_}\` applies another: its inputs lie in [0, 1]`
      : `The model ends in a sigmoid, and \`${short_}\` applies another: its inputs lie in [0, 1], and no probability gets below 0.5`;
  // −log softmax of a one-hot vector; for a sigmoid, −log(1 − sigmoid(0)) of the negatives.
  const least =
    kind === 'sigmoid'
      ? Math.log(2)
      : first.classes === undefined
        ? undefined
        : Math.log(Math.E + first.classes - 1) - 1;
  const bound =
    least === undefined
      ? ', and the loss stays far from 0'
      : `, so the loss ${kind === 'softmax' ? `of ${String(first.classes)} classes` : 'of negatives'} can't fall below ${short(least)}`;
  return [
    {
      range: first.range ?? w.at(loss.node),
      message: `${what}${bound}, and gradients shrink. Return the logits.`,
      related: [{ message: 'the loss that takes logits', range: w.at(loss.node) }],
    },
  ];
}

export const doubleSoftmax: WrittenRule = {
  code: 'IS131',
  name: 'double-softmax',
  severity: 'error',
  mentions: /CrossEntropyLoss|cross_entropy|BCEWithLogitsLoss/,
  find(w) {
    if (w.calls.some((c) => OF_PROBABILITIES.test(c.name))) return [];
    const loss = (pattern: RegExp): WrittenCall | undefined => w.calls.find((c) => pattern.test(c.name));
    return [...doubled(w, 'softmax', loss(CROSS_ENTROPY)), ...doubled(w, 'sigmoid', loss(BINARY))];
  },
};

/** A loss that says that positives are rare. */
function rareLoss(w: Written): { call: WrittenCall; isFocal: boolean } | undefined {
  const focal = w.calls.find((c) => FOCAL.test(c.name));
  if (focal) return { call: focal, isFocal: true };
  const weighted = w.calls.find(
    (c) => BINARY.test(c.name) && c.node.keywords.some((k) => k.name === 'pos_weight' && k.value.type !== 'Constant'),
  );
  return weighted && { call: weighted, isFocal: false };
}

export const imbalancedHead: WrittenRule = {
  code: 'IS130',
  name: 'imbalanced-head',
  severity: 'info',
  mentions: /focal_?loss|pos_weight/i,
  find(w) {
    const loss = rareLoss(w);
    if (!loss) return [];
    const { call, isFocal } = loss;
    return w.models.flatMap((model): Cause[] => {
      const heads = survey(model).places.filter((p) => {
        const bias = p.fan.bias === undefined ? undefined : model.parameters[p.fan.bias];
        return p.head && bias?.distribution.mean === 0 && (isFocal || p.fan.fanOut === 1);
      });
      const [head] = heads;
      const bias = head?.fan.bias === undefined ? undefined : model.parameters[head.fan.bias];
      if (!bias) return [];
      const name = bias.name.replace(/\.bias$/, '');
      return [
        {
          range: bias.setBy.range ?? bias.declaredAt,
          layer: name,
          message: `\`${call.name.replace(/^.*\./, '')}\` is for rare positives, but the bias of \`${name}\` starts at 0, which predicts 50 %: the first steps only unlearn that. For a share π of positives start at −ln((1−π)/π): −4.6 for 1 %, −2.2 for 10 %.`,
          related: [{ message: 'the loss', range: w.at(call.node) }],
        },
      ];
    });
  },
};
