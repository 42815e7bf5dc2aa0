import { t } from '../../../src/protocol/l10n.js';
import { linePlot } from './lines.js';

interface Curve {
  readonly every: number;
  readonly losses: readonly number[];
}

/** The loss over a training's steps, with that of guessing beside it where it is known. */
export function lossPlot({ every, losses }: Curve, x: string, chance?: number): HTMLElement {
  return linePlot({
    title: t('Loss'),
    x,
    y: '',
    every,
    marks: chance === undefined ? [] : [{ value: chance, text: t('guessing') }],
    lines: [{ name: t('loss'), values: losses, style: 0 }],
  });
}
