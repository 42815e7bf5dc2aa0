import type { Runtime, Value } from '../../../../python/values/index.js';
import type { Tensor } from '../../tensor.js';

/** A complex tensor made of real ones, for whoever takes it apart again. */
export type ComplexParts =
  { readonly real: Tensor; readonly imag: Tensor } | { readonly abs: Tensor; readonly angle: Tensor };

const made = new WeakMap<Tensor, ComplexParts>();

export function rememberParts(whole: Tensor, parts: ComplexParts): Tensor {
  made.set(whole, parts);
  return whole;
}

/** `z.real` or `z.imag` where it is known what z was made of. */
export function partOf(rt: Runtime, z: Tensor, which: 'real' | 'imag'): Value | undefined {
  const parts = made.get(z);
  if (parts === undefined) return undefined;
  if ('real' in parts) return parts[which];
  return rt.callMethod(rt.callMethod(parts.angle, which === 'real' ? 'cos' : 'sin'), 'mul', [parts.abs]);
}
