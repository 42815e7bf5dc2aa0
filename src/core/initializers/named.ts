import type { Distribution } from '../model/index.js';
import { normal, truncatedNormal, uniform } from './distributions.js';
import type { Fans } from './fans.js';
import { calculateGain } from './gain.js';
import { TRUNCATED_STD } from './truncated.js';

/** U(±√3·std): the symmetric uniform of that standard deviation. */
export function symmetricUniform(std: number): Distribution {
  const bound = Math.sqrt(3) * std;
  return uniform(-bound, bound);
}

/** Keras' and JAX' "truncated normal" of a true standard deviation: cut at two of the uncut ones, then rescaled. */
export function correctedTruncatedNormal(std: number, mean = 0): Distribution {
  const scale = std / TRUNCATED_STD;
  return truncatedNormal(mean, scale, mean - 2 * scale, mean + 2 * scale);
}

/** The same without the rescaling (TF.js, Haiku): its true variance is 0.7737 of the one asked for. */
export function uncorrectedTruncatedNormal(std: number, mean = 0): Distribution {
  return truncatedNormal(mean, std, mean - 2 * std, mean + 2 * std);
}

/** Glorot & Bengio 2010 as torch has it: std = gain·√(2/(fanIn + fanOut)). */
export function xavierUniform(fans: Fans, gain = 1): Distribution {
  return symmetricUniform(gain * Math.sqrt(2 / (fans.fanIn + fans.fanOut)));
}

export function xavierNormal(fans: Fans, gain = 1): Distribution {
  return normal(0, gain * Math.sqrt(2 / (fans.fanIn + fans.fanOut)));
}

export type KaimingMode = 'fan_in' | 'fan_out';

/** He et al. 2015 as torch has it: std = calculate_gain(nonlinearity, a)/√fan. `a` only counts for leaky_relu. */
export function kaimingStd(fans: Fans, a = 0, mode: KaimingMode = 'fan_in', nonlinearity = 'leaky_relu'): number {
  return calculateGain(nonlinearity, a) / Math.sqrt(mode === 'fan_in' ? fans.fanIn : fans.fanOut);
}

export function kaimingUniform(
  fans: Fans,
  a = 0,
  mode: KaimingMode = 'fan_in',
  nonlinearity = 'leaky_relu',
): Distribution {
  return symmetricUniform(kaimingStd(fans, a, mode, nonlinearity));
}

export function kaimingNormal(
  fans: Fans,
  a = 0,
  mode: KaimingMode = 'fan_in',
  nonlinearity = 'leaky_relu',
): Distribution {
  return normal(0, kaimingStd(fans, a, mode, nonlinearity));
}

export interface VarianceScaling {
  readonly scale: number;
  readonly mode: 'fan_in' | 'fan_out' | 'fan_avg' | 'fan_geo_avg';
  readonly distribution: 'truncated_normal' | 'untruncated_normal' | 'uniform';
  /** Keras, JAX: the truncated normal is rescaled to the variance asked for; TF.js, Haiku: not. */
  readonly corrected: boolean;
}

/** Keras, JAX, TF.js and Haiku `VarianceScaling`: variance scale/n with n at least 1 (Keras clamps it). */
export function varianceScaling(fans: Fans, v: VarianceScaling): Distribution {
  const counts = {
    fan_in: fans.fanIn,
    fan_out: fans.fanOut,
    fan_avg: (fans.fanIn + fans.fanOut) / 2,
    fan_geo_avg: Math.sqrt(fans.fanIn * fans.fanOut),
  };
  const std = Math.sqrt(v.scale / Math.max(1, counts[v.mode]));
  if (v.distribution === 'uniform') return symmetricUniform(std);
  if (v.distribution === 'untruncated_normal') return normal(0, std);
  return v.corrected ? correctedTruncatedNormal(std) : uncorrectedTruncatedNormal(std);
}

/** LeCun 1998: variance 1/fanIn. */
export function lecunNormal(fans: Fans): Distribution {
  return varianceScaling(fans, { scale: 1, mode: 'fan_in', distribution: 'truncated_normal', corrected: true });
}

export function lecunUniform(fans: Fans): Distribution {
  return varianceScaling(fans, { scale: 1, mode: 'fan_in', distribution: 'uniform', corrected: true });
}
