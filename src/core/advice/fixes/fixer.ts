import type { Finding, Fix, Report } from '../../model/index.js';
import type { Sources } from './draft.js';

/** What a fix is written for. */
export interface Case {
  readonly finding: Finding;
  /** Of the model that it was found in; of all, where it is about the file, or about a model that could not be built. */
  readonly reports: readonly Report[];
  readonly sources: Sources;
}

/** The fixes for the findings of one rule, best first; `undefined` stands for those that can't be written here. */
export type Fixer = (c: Case) => readonly (Fix | undefined)[];
