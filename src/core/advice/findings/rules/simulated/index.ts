import type { Rule } from '../../rule.js';
import { gradientExplodes, gradientVanishes } from './gradient.js';
import { halfPrecision } from './half.js';
import { inputsAlike } from './inputs.js';
import { signalExplodes, signalVanishes } from './signal.js';
import { saturatedUnits, symmetricUnits } from './units.js';

/**
 * Rules that look at what the simulation finds, whatever the cause. One cause does much at once: of what fires with the
 * highest severity the first here is told, causes before what follows from them.
 */
export const SIMULATED_RULES: readonly Rule[] = [
  symmetricUnits,
  signalExplodes,
  signalVanishes,
  gradientExplodes,
  gradientVanishes,
  saturatedUnits,
  inputsAlike,
  halfPrecision,
];
