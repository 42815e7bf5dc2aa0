import { formatNumber } from '../../src/protocol/numbers.js';
import { t } from '../../src/protocol/l10n.js';

export type Verdict = 'starting' | 'still' | 'slow' | 'learning' | 'diverged' | 'stuck';

const verdicts: Readonly<Record<Verdict, string>> = {
  starting: t('just started'),
  still: t('it does not learn: the loss stands where guessing stands'),
  slow: t('it learns slowly'),
  learning: t('it learns'),
  diverged: t('it diverges: the loss grows instead of falling'),
  stuck: t('it is stuck far above guessing: outputs are saturated'),
};

export function verdictWords(verdict: Verdict): string {
  return verdicts[verdict];
}

/** Two digits below one per cent; what a running mean leaves of nothing is no number to read. */
export function percent(share: number): string {
  const p = 100 * share;
  if (p > 0 && p < 0.01) return '< 0.01 %';
  return `${p > 0 && p < 1 ? formatNumber(p, { digits: 2 }) : Math.round(p)} %`;
}

/** A loss past all bounds is sent as 10³⁰. */
export function lossWords(loss: number): string {
  return loss >= 1e30 ? t('not finite') : formatNumber(loss);
}

/** Names that read alike in every language, and the one word that does not. */
export const activationWords = {
  identity: t('none'),
  relu: 'ReLU',
  tanh: 'tanh',
  sigmoid: 'sigmoid',
  gelu: 'GELU',
  silu: 'SiLU',
  selu: 'SELU',
} as const;

/** As options of a menu. */
export function activationOptions<K extends keyof typeof activationWords>(...names: readonly K[]): [K, string][] {
  return names.map((name) => [name, activationWords[name]]);
}
