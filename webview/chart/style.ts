import type { Theme } from '../theme.js';
import { t } from '../../src/protocol/l10n.js';
import type { Curve, Quantity } from './curves.js';

/** How quantities are told apart without colour: each has a mark of its own, each role a stroke of its own. */
export const marks: Readonly<Record<Quantity, 'circle' | 'rectRot' | 'triangle' | 'rect'>> = {
  signal: 'circle',
  activation: 'rectRot',
  gradient: 'triangle',
  ratio: 'rect',
};

export function quantityLabel(quantity: Quantity): string {
  switch (quantity) {
    case 'signal':
      return t('Signal before activation');
    case 'activation':
      return t('Signal after activation');
    case 'gradient':
      return t('Gradient');
    case 'ratio':
      return t('Weight gradient / weight');
  }
}

export function colorOf(theme: Theme, quantity: Quantity): string {
  return { signal: theme.signal, activation: theme.activation, gradient: theme.gradient, ratio: theme.ratio }[quantity];
}

export interface Stroke {
  readonly width: number;
  readonly dash: readonly number[];
  readonly opacity: number;
  readonly radius: number;
  readonly isHollow: boolean;
}

export function strokeOf({ role, isBranch, quantity }: Pick<Curve, 'role' | 'isBranch' | 'quantity'>): Stroke {
  const slight = isBranch || quantity === 'activation';
  switch (role) {
    case 'current':
      return { width: slight ? 1.25 : 2.25, dash: [], opacity: 1, radius: slight ? 2.25 : 3, isHollow: isBranch };
    case 'compared':
      return { width: slight ? 1 : 1.5, dash: [6, 4], opacity: 1, radius: slight ? 1.75 : 2.5, isHollow: true };
    case 'moments':
      return { width: 1, dash: [1.5, 2.5], opacity: 0.9, radius: 0, isHollow: true };
  }
}
