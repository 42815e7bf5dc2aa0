import { Complex, Float, Tuple, type NativeFunction } from '../../values/index.js';
import { moduleOf, notEvaluated } from '../support/modules.js';
import { toComplex } from '../support/numbers.js';
import { pure } from '../support/unknowns.js';

const polar = (z: Complex) => ({ r: Math.hypot(z.re, z.im), phi: Math.atan2(z.im, z.re) });
const rect = (r: number, phi: number) => new Complex(r * Math.cos(phi), r * Math.sin(phi));

const UNARY: Readonly<Record<string, (z: Complex) => Complex>> = {
  exp: (z) => rect(Math.exp(z.re), z.im),
  sqrt: (z) => {
    const s = Math.sqrt((polar(z).r + Math.abs(z.re)) / 2);
    if (s === 0) return new Complex(0, z.im);
    const t = Math.abs(z.im) / (2 * s);
    const sign = z.im < 0 || Object.is(z.im, -0) ? -1 : 1;
    return z.re >= 0 ? new Complex(s, sign * t) : new Complex(t, sign * s);
  },
  log: (z) => new Complex(Math.log(polar(z).r), polar(z).phi),
};

const FUNCTIONS: readonly NativeFunction[] = [
  ...Object.entries(UNARY).map(([name, f]) =>
    pure(
      name,
      'z',
      ({ z }, runtime) => {
        const c = toComplex(z);
        return c ? f(c) : runtime.raise('TypeError', `must be complex, not ${runtime.classOf(z).name}`);
      },
      'cmath',
    ),
  ),
  pure('phase', 'z', ({ z }) => new Float(polar(toComplex(z) ?? new Complex(NaN, 0)).phi), 'cmath'),
  pure(
    'polar',
    'z',
    ({ z }) => {
      const { r, phi } = polar(toComplex(z) ?? new Complex(NaN, 0));
      return new Tuple([new Float(r), new Float(phi)]);
    },
    'cmath',
  ),
  pure('rect', 'r, phi', ({ r, phi }) => rect(toComplex(r)?.re ?? NaN, toComplex(phi)?.re ?? NaN), 'cmath'),
];

export const cmath = moduleOf(
  'cmath',
  () => [FUNCTIONS, { pi: new Float(Math.PI), e: new Float(Math.E), inf: new Float(Infinity), nan: new Float(NaN) }],
  notEvaluated('cmath'),
);
