import { formatNumber } from '../../src/protocol/numbers.js';

export type Verdict = 'starting' | 'still' | 'slow' | 'learning' | 'diverged' | 'stuck';

const verdicts: Readonly<Record<Verdict, string>> = {
  starting: 'just started',
  still: 'it does not learn: the loss stands where guessing stands',
  slow: 'it learns slowly',
  learning: 'it learns',
  diverged: 'it diverges: the loss grows instead of falling',
  stuck: 'it is stuck far above guessing: outputs are saturated',
};

export function verdictWords(verdict: Verdict): string {
  return verdicts[verdict];
}

export function percent(share: number): string {
  const p = 100 * share;
  return `${p > 0 && p < 1 ? formatNumber(p, { digits: 2 }) : Math.round(p)} %`;
}

/** A loss past all bounds is sent as 10³⁰. */
export function lossWords(loss: number): string {
  return loss >= 1e30 ? 'not finite' : formatNumber(loss);
}
