import type { Field } from '../field.js';
import { axisSize, scaledField } from '../field.js';
import { isUnknown, type Gradient, type OperationOf, type Rule, type RuleContext, type Unknown } from '../types.js';
import { dropout } from './dropout.js';
import { contract, contractGradient, type Labels } from './product.js';
import { softmax } from './softmax.js';

/** Letters for the leading axes shared by q, k and v. */
function leading(x: Field): string[] {
  return Array.from({ length: Math.max(0, x.axes.length - 2) }, (_, i) => `b${i}`);
}

interface Steps {
  readonly scoreLabels: Labels;
  readonly mixLabels: Labels;
  readonly raw: Field;
  readonly scores: Field;
  readonly scale: number;
  readonly weights: Field;
  readonly dropped: Field;
}

type Attention = Pick<OperationOf<'attention'>, 'scale' | 'causal' | 'dropout'>;

interface Remembered {
  readonly op: Attention;
  readonly k: Field;
  readonly mask: Field | undefined;
  readonly training: boolean;
  readonly steps: Steps | Unknown;
}

/** By the query: asked for forward and backward. */
const KNOWN = new WeakMap<Field, Remembered>();

function steps(op: Attention, q: Field, k: Field, mask: Field | undefined, c: RuleContext): Steps | Unknown {
  const known = KNOWN.get(q);
  if (known?.op === op && known.k === k && known.mask === mask && known.training === c.training) return known.steps;
  const made = computedSteps(op, q, k, mask, c);
  KNOWN.set(q, { op, k, mask, training: c.training, steps: made });
  return made;
}

function computedSteps(op: Attention, q: Field, k: Field, mask: Field | undefined, c: RuleContext): Steps | Unknown {
  const b = leading(q);
  const scoreLabels: Labels = { a: [...b, 'i', 'd'], b: [...b, 'j', 'd'], out: [...b, 'i', 'j'] };
  const mixLabels: Labels = { a: [...b, 'i', 'j'], b: [...b, 'j', 'd'], out: [...b, 'i', 'd'] };
  const raw = contract(scoreLabels, q, k);
  const scale = op.scale ?? 1 / Math.sqrt(axisSize(q.axes[q.axes.length - 1] ?? []));
  const scaled = scaledField(raw, scale);
  const scores: Field = op.causal
    ? { ...scaled, causal: true }
    : mask === undefined
      ? scaled
      : maskedScores(scaled, mask);
  const probabilities = softmax.forward({ kind: 'softmax', axis: raw.axes.length - 1, log: false }, [scores], c);
  if (isUnknown(probabilities)) return probabilities;
  const weights = probabilities[0]!;
  const kept = dropout.forward({ kind: 'dropout', p: op.dropout, unit: 'entry' }, [weights], c);
  if (isUnknown(kept)) return kept;
  return { scoreLabels, mixLabels, raw, scores, scale, weights, dropped: kept[0]! };
}

/** A mask of 0 and 1 hides the share of zeros; a square one of about half is the causal triangle. */
function maskedScores(scores: Field, mask: Field): Field {
  const n = scores.axes.length;
  const rows = axisSize(scores.axes[n - 2] ?? []);
  const columns = axisSize(scores.axes[n - 1] ?? []);
  const kept = mask.mean;
  if (!(kept > 0 && kept < 1)) return scores;
  if (rows === columns && rows > 1 && Math.abs(kept - (rows + 1) / (2 * rows)) < 0.1)
    return { ...scores, causal: true };
  return { ...scores, hidden: 1 - kept };
}

/** softmax(q·kᵀ·scale)·v, composed of the rules for its parts. */
export const attention: Rule<'attention'> = {
  forward(op, inputs, c) {
    const [q, k, v, mask] = inputs;
    if (q === undefined || k === undefined || v === undefined) return { unknown: 'no input' };
    const s = steps(op, q, k, mask, c);
    if ('unknown' in s) return s;
    return [contract(s.mixLabels, s.dropped, v)];
  },
  backward(op, inputs, [out], [g], c) {
    const [q, k, v, mask] = inputs;
    if (g === undefined || out === undefined || q === undefined || k === undefined || v === undefined) return [];
    const s = steps(op, q, k, mask, c);
    if ('unknown' in s) return [];
    const gv = contractGradient(s.mixLabels, 'b', g, s.dropped, v, out);
    const gp = contractGradient(s.mixLabels, 'a', g, s.dropped, v, out);
    const [gw] = dropout.backward({ kind: 'dropout', p: op.dropout, unit: 'entry' }, [s.weights], [s.dropped], [gp], c);
    const [gs] = softmax.backward(
      { kind: 'softmax', axis: s.raw.axes.length - 1, log: false },
      [s.scores],
      [s.weights],
      [gw],
      c,
    );
    if (gs === undefined) return [undefined, undefined, gv];
    const graw: Gradient = scaledField(gs, s.scale);
    return [
      contractGradient(s.scoreLabels, 'a', graw, q, k, s.raw),
      contractGradient(s.scoreLabels, 'b', graw, q, k, s.raw),
      gv,
    ];
  },
};
