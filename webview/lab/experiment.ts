import type { ExperimentName, LabFrame, LabModel, LabStart } from '../../src/protocol/lab/index.js';

export type StartOf<N extends ExperimentName> = Extract<LabStart, { experiment: N }>;
export type FrameOf<N extends ExperimentName> = Extract<LabFrame, { experiment: N }>['frame'];

/** What a view may ask of the page. */
export interface Page<N extends ExperimentName> {
  /** Settings as they are now: controls outlive the start that they were made for. */
  readonly start: () => StartOf<N>;
  /** Starts anew with other settings; what played goes on playing. */
  change(start: StartOf<N>): void;
  /** Draws otherwise what is there; nothing starts anew. */
  look(start: StartOf<N>): void;
  readonly models: readonly LabModel[];
  /** Which digits are in use; undefined until they were read. */
  readonly images: { readonly name: string; readonly count: number; readonly isOwn: boolean } | undefined;
  readonly chooseImages: () => void;
  readonly shippedImages: () => void;
}

/** A start with a model's sizes, and what had to be cut to make them fit, in words. */
export interface Sized<N extends ExperimentName> {
  readonly start: StartOf<N>;
  readonly cut?: string | undefined;
}

/** One experiment on the page: its words, its controls, its pictures. */
export interface View<N extends ExperimentName> {
  readonly name: N;
  readonly tab: string;
  /** The question that it answers. */
  readonly question: string;
  /** Two or three sentences. */
  readonly text: string;
  readonly formula: string;
  /** What is right where it is often said otherwise. */
  readonly correction?: string;
  readonly initial: StartOf<N>;
  controls(start: StartOf<N>, page: Page<N>): readonly HTMLElement[];
  /** With the model's layer sizes, as far as they fit. */
  withSizes(start: StartOf<N>, model: LabModel): Sized<N>;
  /** In words and numbers, what is to be seen now. */
  words(frame: FrameOf<N>, start: StartOf<N>): string;
  draw(frame: FrameOf<N>, start: StartOf<N>): readonly HTMLElement[];
}
