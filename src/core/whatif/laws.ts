import {
  constant,
  kaimingNormal,
  kaimingUniform,
  normal,
  orthogonal,
  scaled,
  symmetricUniform,
  uniform,
  xavierNormal,
  xavierUniform,
} from '../initializers/index.js';
import type { Distribution, FanLaw, InitLaw, Parameter } from '../model/index.js';

/** The distribution that a named initialization gives a weight, or why it has none. */
export function distributionOf(law: InitLaw, p: Parameter): Distribution | { readonly refused: string } {
  switch (law.law) {
    case 'zeros':
      return constant(0);
    case 'constant':
      return constant(law.value);
    case 'uniform':
      return uniform(-law.bound, law.bound);
    case 'normal':
      return normal(0, law.std);
    case 'orthogonal': {
      const sizes = p.shape.filter((d) => typeof d === 'number');
      if (sizes.length < 2 || sizes.length < p.shape.length) return { refused: 'no matrix of known size' };
      return orthogonal(1, sizes);
    }
    case 'default':
      return p.setBy.what === 'default'
        ? p.distribution
        : (p.byDefault ?? { refused: 'its framework has no default for it' });
    case 'recommended':
      return { refused: 'no recommendation' };
    default:
      return byFans(law.law, law.gain ?? 1, p);
  }
}

/** LeCun: 1/fan_in; Glorot: 2/(fan_in + fan_out); He: 2/fan_in. */
function byFans(law: FanLaw, gain: number, { fanIn, fanOut }: Parameter): Distribution | { readonly refused: string } {
  if (fanIn === undefined || fanOut === undefined) return { refused: 'its fans are not known' };
  const fans = { fanIn, fanOut };
  switch (law) {
    case 'lecun_normal':
      return normal(0, gain / Math.sqrt(fanIn));
    case 'lecun_uniform':
      return symmetricUniform(gain / Math.sqrt(fanIn));
    case 'glorot_normal':
      return xavierNormal(fans, gain);
    case 'glorot_uniform':
      return xavierUniform(fans, gain);
    case 'he_normal':
      return scaled(kaimingNormal(fans, 0, 'fan_in', 'relu'), gain);
    case 'he_uniform':
      return scaled(kaimingUniform(fans, 0, 'fan_in', 'relu'), gain);
  }
}
