import type { Fixer } from './fixer.js';
import { countInputs, factorBehind, slopeIgnored, unsupportedGain } from './rules/arguments.js';
import { priorBias, zeroBesideWeight, zeroInstead } from './rules/biases.js';
import { boundsInSigma } from './rules/bounds.js';
import { redrawCopies } from './rules/copies.js';
import { forgetGate } from './rules/gates.js';
import { notNone, twoAxes } from './rules/guards.js';
import { underscoreName } from './rules/names.js';
import { initializeFirst } from './rules/normed.js';
import { zeroGain } from './rules/residual.js';
import {
  constantCall,
  missedLayers,
  ownCall,
  ownCallOrModel,
  tiedEmbedding,
  wholeModel,
  withoutRectifier,
} from './rules/scale.js';
import { withoutSoftmax } from './rules/softmax.js';
import { initializeEmpty, zeroPadding } from './rules/tensors.js';

/** How the findings of each code are fixed; a code that has no mechanical fix is not there. */
export const FIXERS: Readonly<Partial<Record<string, Fixer>>> = {
  IS001: wholeModel,
  IS002: wholeModel,
  IS003: wholeModel,
  IS004: wholeModel,
  IS005: wholeModel,
  IS006: wholeModel,
  IS101: ownCall,
  IS102: withoutRectifier,
  IS103: ownCall,
  IS104: slopeIgnored,
  IS105: unsupportedGain,
  IS106: constantCall,
  IS107: constantCall,
  IS108: ownCall,
  IS109: ownCall,
  IS111: ownCall,
  IS112: twoAxes,
  IS113: notNone,
  IS115: zeroBesideWeight,
  IS118: initializeFirst,
  IS119: initializeEmpty,
  IS121: redrawCopies,
  IS122: forgetGate,
  IS123: zeroPadding,
  IS114: missedLayers,
  IS124: countInputs,
  IS125: ownCallOrModel,
  IS126: zeroGain,
  IS127: ownCall,
  IS128: boundsInSigma,
  IS129: tiedEmbedding,
  IS130: priorBias,
  IS131: withoutSoftmax,
  IS132: wholeModel,
  IS136: underscoreName,
  IS139: factorBehind,
  IS141: zeroInstead,
};
