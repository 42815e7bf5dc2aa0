export type { Bench, Curve, Running } from './lab/experiment.js';
export { DERIVATION, runDerivation, type DerivationFrame, type DerivationSettings } from './lab/derivation.js';
export { DIGITS, DIGIT_STARTS, runDigits, type DigitsFrame, type DigitsSettings } from './lab/digits.js';
export { PRODUCTS, runProducts, type ProductsFrame, type ProductsSettings } from './lab/products.js';
export { RACE, runRace, type RaceFrame, type RaceLane, type RaceSettings } from './lab/race.js';
export {
  REGIMES,
  REGIME_ACTIVATIONS,
  REGIME_STARTS,
  runRegimes,
  type RegimesFrame,
  type RegimesSettings,
} from './lab/regimes.js';
export { runScale, SCALE, STARTS, type ScaleFrame, type ScaleSettings } from './lab/scale.js';
export { runSymmetry, SYMMETRY, type SymmetryFrame, type SymmetrySettings } from './lab/symmetry.js';
export { readIdx, type LabelledImages } from './data/idx.js';
export { PLANAR_SETS } from './data/planar.js';
export { chainLanes, modelLanes, type LaneName } from './lab/lanes.js';
