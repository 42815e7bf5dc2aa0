import type { InitLaw, SimulationSettings, WhatIf } from '../../src/protocol/model.js';
import type { WhatIfControls } from '../../src/protocol/panel.js';
import { t } from '../../src/protocol/l10n.js';

/** A choice of initialization: what it is called, and the number that it takes, if any. */
export interface InitChoice {
  readonly id: string;
  readonly label: () => string;
  readonly value?: { readonly label: () => string; readonly initial: number };
  readonly law?: (value: number) => InitLaw;
}

export const initChoices: readonly InitChoice[] = [
  { id: 'none', label: () => t('as written') },
  { id: 'recommended', label: () => t('recommended'), law: () => ({ law: 'recommended' }) },
  { id: 'default', label: () => t('framework default'), law: () => ({ law: 'default' }) },
  { id: 'he_normal', label: () => t('He normal'), law: () => ({ law: 'he_normal' }) },
  { id: 'he_uniform', label: () => t('He uniform'), law: () => ({ law: 'he_uniform' }) },
  { id: 'glorot_normal', label: () => t('Xavier normal'), law: () => ({ law: 'glorot_normal' }) },
  { id: 'glorot_uniform', label: () => t('Xavier uniform'), law: () => ({ law: 'glorot_uniform' }) },
  { id: 'lecun_normal', label: () => t('LeCun normal'), law: () => ({ law: 'lecun_normal' }) },
  { id: 'lecun_uniform', label: () => t('LeCun uniform'), law: () => ({ law: 'lecun_uniform' }) },
  { id: 'orthogonal', label: () => t('orthogonal'), law: () => ({ law: 'orthogonal' }) },
  {
    id: 'uniform',
    label: () => t('uniform ±a'),
    value: { label: () => 'a', initial: 0.1 },
    law: (bound) => ({ law: 'uniform', bound }),
  },
  {
    id: 'normal',
    label: () => t('normal, custom σ'),
    value: { label: () => 'σ', initial: 0.1 },
    law: (std) => ({ law: 'normal', std }),
  },
  {
    id: 'constant',
    label: () => t('constant'),
    value: { label: () => t('value'), initial: 0.1 },
    law: (value) => ({ law: 'constant', value }),
  },
  { id: 'zeros', label: () => t('zeros'), law: () => ({ law: 'zeros' }) },
];

/** Hidden nonlinearities to try. */
export const activationChoices = [
  'relu',
  'leaky_relu',
  'elu',
  'selu',
  'gelu',
  'silu',
  'mish',
  'softplus',
  'tanh',
  'sigmoid',
  'hardswish',
  'identity',
] as const;

export function initChoiceOf({ init = 'recommended' }: WhatIfControls): InitChoice {
  return initChoices.find(({ id }) => id === init) ?? { id: 'recommended', label: () => t('recommended') };
}

/** Laws with a number need one that is not zero. */
export function valueOf(controls: WhatIfControls): number {
  const { value } = initChoiceOf(controls);
  const given = controls.value;
  return given !== undefined && Number.isFinite(given) && (given > 0 || controls.init === 'constant')
    ? given
    : (value?.initial ?? 0);
}

/** The controls say nothing but the recommendations, whose outcome every report has already. */
export function isRecommendedOnly(controls: WhatIfControls): boolean {
  return initChoiceOf(controls).id === 'recommended' && controls.onlyLayer === undefined && !changesMore(controls);
}

/** Nothing is compared. */
export function isAsWritten(controls: WhatIfControls): boolean {
  return initChoiceOf(controls).id === 'none' && !changesMore(controls);
}

function changesMore({ activation, depth, width, inputScale, batch, normalization }: WhatIfControls): boolean {
  return [activation, depth, width, inputScale, batch, normalization].some((part) => part !== undefined);
}

export function whatIfOf(controls: WhatIfControls): WhatIf {
  const { activation, depth, width, inputScale, normalization, onlyLayer } = controls;
  const law = initChoiceOf(controls).law?.(valueOf(controls));
  return {
    ...(law && { init: [{ law, ...(onlyLayer !== undefined && { layers: [onlyLayer] }) }] }),
    ...(activation !== undefined && { activation: { to: activation } }),
    ...(depth !== undefined && { depth }),
    ...(width !== undefined && { width }),
    ...(inputScale !== undefined && { inputScale }),
    ...(normalization !== undefined && { normalization }),
  };
}

/** How the comparison is simulated; the draws are the same as the model's own. */
export function comparedSettings(controls: WhatIfControls, engine: 'moments' | 'auto'): SimulationSettings {
  return {
    ...currentSettings(controls, engine),
    ...(controls.batch !== undefined && { batch: controls.batch }),
    whatIf: whatIfOf(controls),
  };
}

export function currentSettings({ seed, seeds }: WhatIfControls, engine: 'moments' | 'auto'): SimulationSettings {
  return {
    engine,
    withRecommended: false,
    ...(engine === 'auto' && { firstSeed: seed ?? 1, seeds: seeds ?? 5 }),
  };
}

/** What the comparison is, in a few words: `He normal, GELU, width ×2`. */
export function describeControls(controls: WhatIfControls): string {
  const choice = initChoiceOf(controls);
  const { onlyLayer, activation, depth, width, inputScale, batch, normalization } = controls;
  const value = choice.value === undefined ? '' : ` ${choice.value.label()} = ${valueOf(controls)}`;
  const parts = [
    choice.id === 'none' ? '' : `${choice.label()}${value}${onlyLayer === undefined ? '' : ` (${onlyLayer})`}`,
    activation ?? '',
    depth === undefined ? '' : t('depth ×{0}', depth),
    width === undefined ? '' : t('width ×{0}', width),
    inputScale === undefined ? '' : t('input ×{0}', inputScale),
    batch === undefined ? '' : t('batch {0}', batch),
    normalization === undefined ? '' : t('no normalization'),
  ];
  return parts.filter((part) => part !== '').join(', ');
}
