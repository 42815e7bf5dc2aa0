import { activationNamed, constantsOf, type Constants } from '../activations/index.js';

/** Any activation of the table, entry by entry. */
export function activateEach(
  name: string,
  x: Float32Array,
  y: Float32Array,
  slope: Float32Array | undefined,
  constants: Constants | undefined,
): boolean {
  const activation = activationNamed(name);
  if (activation === undefined) return false;
  const c = constantsOf(activation, constants ?? {});
  for (let i = 0; i < x.length; i++) {
    const z = x[i]!;
    y[i] = activation.value(z, c);
    if (slope !== undefined) slope[i] = activation.derivative(z, c);
  }
  return true;
}

export function sumsOf(x: Float32Array): { sum: number; squares: number } {
  let sum = 0;
  let squares = 0;
  for (const value of x) {
    sum += value;
    squares += value * value;
  }
  return { sum, squares };
}
