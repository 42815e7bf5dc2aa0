/** An initialization by its usual name. Fans are counted as the model's framework counts them. */
export type InitLaw =
  | { readonly law: 'zeros' | 'orthogonal' | 'default' | 'recommended' }
  | { readonly law: 'constant'; readonly value: number }
  /** U(−bound, bound). */
  | { readonly law: 'uniform'; readonly bound: number }
  | { readonly law: 'normal'; readonly std: number }
  | { readonly law: FanLaw; /** Multiplies σ. Default 1. */ readonly gain?: number | undefined };

export type FanLaw = 'lecun_normal' | 'lecun_uniform' | 'glorot_normal' | 'glorot_uniform' | 'he_normal' | 'he_uniform';

export interface InitChange extends Readonly<{ law: InitLaw }> {
  /** Names of layers, as `Layer.name` has them; absent: all layers with weights. */
  readonly layers?: readonly string[] | undefined;
  /** Also set their biases to zero. By default they stay, but for `default` and `recommended`, which say what biases are. */
  readonly zeroBias?: boolean | undefined;
}

export interface ActivationChange {
  /** Name of an activation of `core/propagation/activations`: `relu`, `gelu`, `silu`, … */
  readonly to: string;
  /** Its constants where they are not the usual ones: `{ slope: 0.2 }`. */
  readonly constants?: Readonly<Record<string, number>> | undefined;
  /** Only activations of these names; absent: every hidden nonlinearity. */
  readonly from?: readonly string[] | undefined;
}

/**
 * Changes to try on a model without touching its source. Each part is independent of the others; what can't be done
 * to this model is left out, with the reason in `Report.whatIf`.
 */
export interface WhatIf {
  /** In this order: a later one wins where two name the same layer. */
  readonly init?: readonly InitChange[] | undefined;
  readonly activation?: ActivationChange | undefined;
  /** Multiplies the inputs that are not tokens. */
  readonly inputScale?: number | undefined;
  /** Takes batch, layer, group, instance and RMS norms out. */
  readonly normalization?: 'off' | undefined;
  /** Multiplies the width of every hidden layer. */
  readonly width?: number | undefined;
  /** Multiplies how often repeated blocks stand after each other. */
  readonly depth?: number | undefined;
}

export type WhatIfPart = keyof WhatIf;

/** What came of a `WhatIf`. */
export interface WhatIfOutcome {
  readonly applied: WhatIf;
  readonly refused: readonly { readonly part: WhatIfPart; readonly reason: string }[];
  /** What was left as it is, and why: `norm1: its weight is computed`. */
  readonly notes: readonly string[];
}
