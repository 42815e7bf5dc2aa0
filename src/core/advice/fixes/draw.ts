import { calculateGain } from '../../initializers/gain.js';
import { countEntries, type FedBy, type ParameterReport, type Recommendation } from '../../model/index.js';

/** How a weight is to be drawn, in PyTorch's terms. */
export type Draw =
  /** `kaiming_*_`: σ = gain(nonlinearity)/√fan. */
  | {
      readonly kind: 'kaiming';
      readonly nonlinearity: string;
      /** Of `leaky_relu`. */ readonly slope?: number | undefined;
      readonly mode: Mode;
    }
  /** σ = gain/√fan, where no nonlinearity of PyTorch's has the gain. */
  | { readonly kind: 'scaled'; readonly gain: number; readonly mode: Mode | 'strided'; readonly note: string }
  /** SIREN's uniform: ±√(6/fan)/frequency between sines, ±1/fan where coordinates come in. */
  | { readonly kind: 'siren'; readonly frequency: number | undefined; readonly mode: Mode }
  /** A fixed σ. */
  | { readonly kind: 'normal'; readonly std: number }
  | { readonly kind: 'zeros' };

/** Which of the fans that PyTorch counts is the number of terms that a unit really sums. */
export type Mode = 'fan_in' | 'fan_out';

/** The weight of a layer that a recommendation is for. */
export interface Wanted {
  readonly parameter: ParameterReport;
  readonly recommended: Recommendation;
  /** The layer's type, as the framework names it. */
  readonly type: string;
}

/** PyTorch's fan of a weight, also where only the axes that it counts are known. */
export function fanOf({ shape }: ParameterReport, mode: Mode): number | undefined {
  return shape.length < 2 ? undefined : countEntries([shape[mode === 'fan_in' ? 1 : 0]!, ...shape.slice(2)]);
}

/** Which fan the recommendation divides by: several where they are equal, none where it is neither. */
export function modesOf({ parameter, recommended, type }: Wanted): readonly (Mode | 'strided')[] {
  const { std, gain } = recommended;
  if (std === undefined || gain === undefined) return type.startsWith('ConvTranspose') ? [] : ['fan_in'];
  const fan = (gain / std) ** 2;
  const is = (count: number | undefined): boolean => count !== undefined && Math.abs(fan / count - 1) < 1e-6;
  const modes: (Mode | 'strided')[] = [];
  if (is(fanOf(parameter, 'fan_in'))) modes.push('fan_in');
  if (is(fanOf(parameter, 'fan_out'))) modes.push('fan_out');
  return modes.length === 0 && type.startsWith('ConvTranspose') ? ['strided'] : modes;
}

/** The draw that gives a recommendation's σ; undefined where there is none, or no initialization helps. */
export function drawFor(wanted: Wanted, mode: Mode | 'strided' | undefined = modesOf(wanted)[0]): Draw | undefined {
  const { gain, std, fedBy, branches, init } = wanted.recommended;
  if (init === 'keep' || init === 'normalize' || init === 'orthogonal') return undefined;
  if (gain === undefined) return std === undefined ? undefined : { kind: 'normal', std };
  if (mode === undefined) return std === undefined ? undefined : { kind: 'normal', std };
  if (init === 'siren_uniform') {
    const frequency = fedBy?.activation === 'sin' ? Math.SQRT2 / gain : undefined;
    return mode === 'strided' ? undefined : { kind: 'siren', frequency, mode };
  }
  const named = mode === 'strided' || (branches ?? 1) > 1 ? undefined : nonlinearityFor(fedBy, gain);
  if (named !== undefined && mode !== 'strided') return { kind: 'kaiming', ...named, mode };
  return { kind: 'scaled', gain, mode, note: noteFor(fedBy, branches) };
}

/** PyTorch's name for what has a gain, to within the 5 % that also `tanh`, 5/3 in place of 1.59, is off. */
export function nonlinearityFor(
  fedBy: FedBy | undefined,
  gain: number,
): { readonly nonlinearity: string; readonly slope?: number } | undefined {
  const { activation, slope } = fedBy ?? {};
  if (activation === 'leaky_relu' && slope !== undefined) return { nonlinearity: 'leaky_relu', slope };
  for (const nonlinearity of ['relu', 'linear'])
    if (isNear(calculateGain(nonlinearity), gain, 0.01)) return { nonlinearity };
  return activation === 'tanh' && isNear(calculateGain('tanh'), gain, 0.05) ? { nonlinearity: 'tanh' } : undefined;
}

function isNear(a: number, b: number, tolerance: number): boolean {
  return Math.abs(a / b - 1) <= tolerance;
}

function noteFor(fedBy: FedBy | undefined, branches: number | undefined): string {
  const source = fedBy?.kind === 'activation' ? `gain of ${fedBy.label}` : `fed by ${fedBy?.label ?? 'its input'}`;
  return branches === undefined || branches === 1
    ? source
    : `${source}, over the root of ${branches} residual branches`;
}

/** The gain g in σ = g/√fan; undefined for a fixed σ. */
export function gainOf(draw: Draw): number | undefined {
  if (draw.kind === 'scaled') return draw.gain;
  return draw.kind === 'kaiming' ? calculateGain(draw.nonlinearity, draw.slope) : undefined;
}

/** σ that a draw gives a weight of which the recommendation, and so the true fan, is known. */
export function stdOf(draw: Draw, { parameter, recommended, type }: Wanted): number | undefined {
  if (draw.kind === 'normal') return draw.std;
  if (draw.kind === 'zeros') return 0;
  if (draw.kind === 'siren') {
    const count = fanOf(parameter, draw.mode);
    const { frequency } = draw;
    if (count === undefined) return undefined;
    return frequency === undefined ? 1 / (Math.sqrt(3) * count) : Math.SQRT2 / (frequency * Math.sqrt(count));
  }
  if (draw.mode === 'strided' && !type.startsWith('ConvTranspose')) return undefined;
  const fan =
    draw.mode !== 'strided'
      ? fanOf(parameter, draw.mode)
      : recommended.std !== undefined && recommended.gain !== undefined
        ? (recommended.gain / recommended.std) ** 2
        : undefined;
  const gain = gainOf(draw);
  return fan === undefined || gain === undefined ? undefined : gain / Math.sqrt(fan);
}

export function sameDraw(a: Draw, b: Draw): boolean {
  if (a.kind === 'normal' && b.kind === 'normal') return isNear(a.std, b.std, 0.01);
  if (a.kind === 'siren' && b.kind === 'siren')
    return a.mode === b.mode && (a.frequency === b.frequency || isNear(a.frequency ?? 0, b.frequency ?? 1, 0.01));
  if (a.kind === 'siren' || b.kind === 'siren') return false;
  if (a.kind === 'normal' || b.kind === 'normal' || a.kind === 'zeros' || b.kind === 'zeros') return a.kind === b.kind;
  return a.mode === b.mode && isNear(gainOf(a) ?? 0, gainOf(b) ?? 1, 0.01);
}
