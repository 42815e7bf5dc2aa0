import type { Engine, Severity } from '../model/index.js';

export const engines: readonly Engine[] = ['moments', 'sampler', 'dense', 'auto'];

/** `off`: the finding is not shown at all. */
export type RuleSeverity = Severity | 'off';
export const ruleSeverities: readonly RuleSeverity[] = ['off', 'hint', 'info', 'warning', 'error'];

/** From where on signal or gradient count as lost, in powers of ten of their variance. */
export interface Thresholds {
  /** First layer's gradient against the last one's. */
  readonly gradientDecades: number;
  /** A layer's output against the input, down and up. */
  readonly signalDecades: number;
}

/** What a user may set, wherever it is written: the editor's settings, pyproject.toml, the command line. */
export interface Config {
  /** By a rule's code or name. */
  readonly severity: Readonly<Record<string, RuleSeverity>>;
  readonly thresholds: Thresholds;
  readonly engine: Engine;
  /** Networks that finite-width engines draw. */
  readonly seeds: number;
  /** Replaces a leading 1 of the input's shape. */
  readonly batch: number;
  /** Files without findings, as patterns of .gitignore. */
  readonly exclude: readonly string[];
}

/** What one place says. */
export interface ConfigPart extends Partial<Omit<Config, 'thresholds'>> {
  readonly thresholds?: Partial<Thresholds> | undefined;
}

/**
 * Ten decades: models that are known to train as they are written stay well inside (torchvision's AlexNet and SqueezeNet
 * spread over seven), and at float32's 7 digits an update by such a gradient is lost.
 */
export const defaultThresholds: Thresholds = { gradientDecades: 10, signalDecades: 10 };

export const defaultConfig: Config = {
  severity: {},
  thresholds: defaultThresholds,
  engine: 'moments',
  seeds: 4,
  batch: 8,
  exclude: [],
};

/** What several places say together: each value from the first that has one, rule by rule and threshold by threshold. */
export function mergeConfig(...parts: readonly ConfigPart[]): Config {
  return [...parts].reverse().reduce<Config>(
    (below, part) => ({
      ...below,
      ...part,
      severity: { ...below.severity, ...part.severity },
      thresholds: { ...below.thresholds, ...part.thresholds },
    }),
    defaultConfig,
  );
}
