import { UNUSED_IGNORE } from '../suppression.js';
import { FAILURE_RULES } from './failures.js';
import type { Rule } from './rule.js';
import { heAfterTanh, heForSmooth, seluNotLecun, slopeIgnored, xavierAfterRelu } from './rules/activation-gain.js';
import { biasShift, defaultBias } from './rules/bias.js';
import { bothZero, constantHidden, uninitialized } from './rules/constants.js';
import { fanOrder, groupedFans, orthogonalShape, transposedFans } from './rules/fans.js';
import { afterNorm, initOverwritten } from './rules/overwritten.js';
import { layersMissed } from './rules/passes.js';
import { identicalCopies, sameSeed } from './rules/same-entries.js';
import { forgetGate } from './rules/recurrent.js';
import { residualGain } from './rules/residual.js';
import { paddingOverwritten, sigmoidStack, tiedEmbedding, tinyScale, unitScale } from './rules/scale.js';
import { SIMULATED_RULES } from './rules/simulated/index.js';
import { sineDefault } from './rules/sine.js';
import { deprecatedName } from './written/deprecated.js';
import { doubleSoftmax, imbalancedHead } from './written/losses.js';
import { neverApplied } from './written/never-applied.js';
import { sharedByMultiplying } from './written/shared-list.js';
import { portDifference } from './written/port.js';
import { slopeAsScale } from './written/slope-scale.js';
import { truncatedBounds } from './written/truncated.js';
import type { WrittenRule } from './written/written.js';

/** Rules that look at the code's own initializations. */
export const CODE_RULES: readonly Rule[] = [
  xavierAfterRelu,
  heAfterTanh,
  heForSmooth,
  slopeIgnored,
  constantHidden,
  bothZero,
  unitScale,
  tinyScale,
  seluNotLecun,
  uninitialized,
  paddingOverwritten,
  tiedEmbedding,
  sigmoidStack,
  layersMissed,
  defaultBias,
  initOverwritten,
  afterNorm,
  sameSeed,
  identicalCopies,
  forgetGate,
  groupedFans,
  transposedFans,
  residualGain,
  fanOrder,
  sineDefault,
  orthogonalShape,
  biasShift,
];

/** Rules that look at how the file is written. */
export const WRITTEN_RULES: readonly WrittenRule[] = [
  neverApplied,
  sharedByMultiplying,
  truncatedBounds,
  imbalancedHead,
  doubleSoftmax,
  deprecatedName,
  slopeAsScale,
  portDifference,
];

/** What each code stands for, those of models that could not be built included; docs/rules/ has a page for each. */
export const RULES: readonly Pick<Rule, 'code' | 'name' | 'severity'>[] = [
  UNUSED_IGNORE,
  ...SIMULATED_RULES,
  ...CODE_RULES,
  // Shared layers (IS121) are found in the code and in how it is written.
  ...WRITTEN_RULES.filter(({ code }) => !CODE_RULES.some((rule) => rule.code === code)),
  ...FAILURE_RULES,
];
