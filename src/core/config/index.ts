export {
  defaultConfig,
  defaultThresholds,
  engines,
  mergeConfig,
  ruleSeverities,
  type Config,
  type ConfigPart,
  type RuleSeverity,
  type Thresholds,
} from './config.js';
export { checkValues, type Checked } from './check-values.js';
export { isExcluded } from './exclude.js';
export { pyprojectsOf, readPyproject } from './pyproject.js';
