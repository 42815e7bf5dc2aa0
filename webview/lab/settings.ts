import type { ExperimentName, LabModel } from '../../src/protocol/lab/index.js';
import { t } from '../../src/protocol/l10n.js';
import { sizeList, slider } from './controls.js';
import type { Page, StartOf } from './experiment.js';

/** Starts anew with some settings changed. */
export function setter<N extends ExperimentName>(page: Page<N>): (change: Partial<StartOf<N>['settings']>) => void {
  return (change) => {
    const start = page.start();
    page.change({ ...start, settings: { ...start.settings, ...change } });
  };
}

/** Layers and units that an experiment takes. */
export interface Limits {
  readonly deepest: number;
  readonly widest: number;
}

interface Trained {
  readonly hidden: readonly number[];
  readonly learningRate: number;
}

/** Hidden layers and learning rate of a network that is trained. */
export function trainingControls(
  { hidden, learningRate }: Trained,
  { deepest, widest }: Limits,
  set: (change: Partial<{ hidden: number[]; learningRate: number }>) => void,
): HTMLElement[] {
  return [
    sizeList(t('Hidden layers'), hidden, { least: 1, most: deepest, widest }, (sizes) => {
      set({ hidden: sizes });
    }),
    slider(t('Learning rate'), learningRate, { low: 0.01, high: 3, step: 0.1, log: true }, (rate) => {
      set({ learningRate: rate });
    }),
  ];
}

export interface Fitted {
  readonly sizes: number[];
  /** What was cut, in words. */
  readonly cut?: string | undefined;
}

/** Sizes cut to what an experiment takes. `model` says what was cut of them before. */
export function fitted(sizes: readonly number[], { deepest, widest }: Limits, { cut }: LabModel): Fitted {
  const kept = sizes.slice(0, deepest);
  const words = [
    ...(cut === undefined ? [] : [cut]),
    ...(kept.some((n) => n > widest) ? [t('layers wider than {0} are taken as {0}', widest)] : []),
    ...(kept.length < sizes.length ? [t('the first {0} of {1} are taken', kept.length, sizes.length)] : []),
  ];
  return {
    sizes: kept.map((n) => Math.min(widest, n)),
    cut: words.length === 0 ? undefined : words.join('; '),
  };
}

/** Units of a model's hidden layers. */
export function hiddenOf(model: LabModel, limits: Limits): Fitted {
  return fitted(model.sizes.slice(1, -1), limits, model);
}

/** A start with the hidden layers of a model in place of its own. */
export function withHidden<Start extends { readonly settings: { readonly hidden: number[] } }>(
  limits: Limits,
): (start: Start, model: LabModel) => { readonly start: Start; readonly cut?: string | undefined } {
  return (start, model) => {
    const { sizes: hidden, cut } = hiddenOf(model, limits);
    return { start: { ...start, settings: { ...start.settings, hidden } }, cut };
  };
}
