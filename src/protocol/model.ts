/** The report's types, for the panel, which does not import the core. */
export type {
  Distribution,
  Finding,
  LayerReport,
  LeafModule,
  ParameterReport,
  Recommendation,
  Report,
  SourceRange,
  UnknownNote,
} from '../core/model/index.js';
export type { FailedEntry } from '../core/inspect.js';
