/** The report's types, for the panel, which does not import the core. */
export type {
  ActivationCurve,
  Band,
  Distribution,
  Finding,
  FiniteStatistics,
  InitLaw,
  LinearHistogram,
  LayerReport,
  LeafModule,
  OctaveHistogram,
  ParameterReport,
  Recommendation,
  Report,
  SignalValues,
  SimulationProgress,
  SimulationSettings,
  SourceRange,
  UnknownNote,
  WhatIf,
} from '../core/model/index.js';
export type { FailedEntry } from '../core/inspect.js';
