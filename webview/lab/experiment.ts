import type { ExperimentName, LabFrame, LabModel, LabStart } from '../../src/protocol/lab/index.js';

export type StartOf<N extends ExperimentName> = Extract<LabStart, { experiment: N }>;
export type FrameOf<N extends ExperimentName> = Extract<LabFrame, { experiment: N }>['frame'];

/** What a view may ask of the page. */
export interface Page<N extends ExperimentName> {
  /** Starts anew with other settings; what played goes on playing. */
  change(start: StartOf<N>): void;
  readonly models: readonly LabModel[];
  /** Which digits are in use; undefined until they were read. */
  readonly images: { readonly name: string; readonly count: number; readonly isOwn: boolean } | undefined;
  chooseImages(): void;
  shippedImages(): void;
}

/** One experiment on the page: its words, its controls, its pictures. */
export interface View<N extends ExperimentName> {
  readonly name: N;
  readonly tab: string;
  /** The question that it answers. */
  readonly question: string;
  /** Two or three sentences. */
  readonly text: readonly string[];
  readonly formula: string;
  readonly initial: StartOf<N>;
  /** It goes on by steps, so it can be played. */
  readonly hasSteps: boolean;
  controls(start: StartOf<N>, page: Page<N>): readonly HTMLElement[];
  /** With the model's layer sizes, where they fit. */
  withSizes?(start: StartOf<N>, model: LabModel): StartOf<N>;
  /** In words and numbers, what is to be seen now. */
  words(frame: FrameOf<N>, start: StartOf<N>): string;
  draw(frame: FrameOf<N>, start: StartOf<N>): readonly HTMLElement[];
}
