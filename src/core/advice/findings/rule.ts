import type { Thresholds } from '../../config/config.js';
import type { LayerReport, RelatedPlace, Severity, SourceRange } from '../../model/index.js';
import type { Place, Survey } from '../recommendation/place.js';
import type { Signals } from './signals.js';

/** A model, every use of a weight in it, and what its simulation found. */
export interface Subject extends Survey {
  readonly layers: readonly LayerReport[];
  readonly signals: Signals;
  readonly thresholds: Thresholds;
  /** The layer that a node belongs to. */
  layerOf(node: number): LayerReport | undefined;
  /** The code keeps gradients from its layer (a target network under `no_grad`): what training would do to it is no matter. */
  isStopped(place: Place): boolean;
}

/** Something to tell the user: one for each cause, however many layers it touches. */
export interface Cause {
  readonly message: string;
  /** What a person would underline; the model's class where there is nothing closer. */
  readonly range?: SourceRange | undefined;
  /** Name of the first layer that it touches. */
  readonly layer?: string | undefined;
  readonly related?: readonly RelatedPlace[] | undefined;
  /** Where it weighs less, or more, than the rule does by itself. */
  readonly severity?: Severity | undefined;
}

export interface Rule {
  /** `IS1NN`, never reused. */
  readonly code: string;
  /** For settings and the page's name: `xavier-after-relu`. */
  readonly name: string;
  readonly severity: Severity;
  /** The scale of some weights is the cause: what the simulation finds besides is its consequence. */
  readonly explainsScale?: true;
  /** Looks at the parameters alone, so that it holds where forward could not be followed to its end. */
  readonly needsNoForward?: true;
  find(s: Subject): readonly Cause[];
}
