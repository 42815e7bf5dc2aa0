import type { Kernels } from '../../propagation/kernels/index.js';

/** One experiment under way. Plain frames tell what is to be drawn; nothing is recomputed from them. */
export interface Running<Frame> {
  /** One step of training, or one more draw. */
  step(): void;
  frame(): Frame;
  /** Nothing more will change. */
  readonly isOver: boolean;
}

/** What experiments run on. */
export interface Bench {
  /** Single precision, summed in doubles, in an order that depends on nothing but the sizes: equal units stay equal to the last bit. */
  readonly exact: Kernels;
  /** The fastest there are. */
  readonly fast: Kernels;
}

/** A curve whose point i belongs to step i·`every`. */
export interface Curve {
  readonly every: number;
  readonly losses: readonly number[];
}
