import { activationMoments, activationNamed, constantsOf } from '../../activations/index.js';
import { fieldOfCurve, identityCurve, pullBack } from '../curve.js';
import { pointwiseCurve } from '../pointwise.js';
import { resizedAxis, sizesOf } from '../axes.js';
import { at, newKernel, type Field } from '../field.js';
import { isUnknown, type Rule, type Unknown } from '../types.js';

/** f(b) for the half b of a gated unit. */
function gateOf(activation: string, half: Field): Field | Unknown {
  const known = activationNamed(activation);
  if (known === undefined) return { unknown: `no function named ${activation}` };
  const curve = pointwiseCurve(
    { kind: 'activation', name: activation, constants: {} },
    [{ value: 0, curve: identityCurve(0, half) }],
    undefined,
    true,
  );
  return curve === undefined || 'unknown' in curve
    ? { unknown: `no function named ${activation}` }
    : fieldOfCurve(curve, half);
}

/** a·f(b) with a and b the halves of the input along an axis (Shazeer 2020, arXiv:2002.05202): independent halves. */
export const gate: Rule<'gate'> = {
  forward(op, [x], c) {
    if (x === undefined) return { unknown: 'no input' };
    const f = gateOf(op.activation, x);
    if (isUnknown(f)) return f;
    const sizes = sizesOf(c.outputShapes[0] ?? []);
    const axes = x.axes.map((a, i) => (i === op.axis ? resizedAxis(a, sizes[i] ?? 1) : a));
    return [
      {
        mean: x.mean * f.mean,
        kernel: newKernel((m) => at(x.kernel, m) * at(f.kernel, m)),
        scale: x.scale + f.scale,
        axes,
        profiles: x.profiles,
      },
    ];
  },
  backward(op, [x], _, [g]) {
    if (g === undefined || x === undefined) return [undefined];
    const f = gateOf(op.activation, x);
    const activation = activationNamed(op.activation);
    if (isUnknown(f) || activation === undefined) return [undefined];
    const throughGate: Float64Array = newKernel((m) => at(g.kernel, m) * at(x.kernel, m));
    const constants = constantsOf(activation, {});
    const curve = pointwiseCurve(
      { kind: 'activation', name: op.activation, constants: {} },
      [{ value: 0, curve: identityCurve(0, x) }],
      undefined,
      true,
    );
    const partial = curve === undefined || 'unknown' in curve ? undefined : curve.operands[0]?.partial;
    const slope = activationMoments(
      activation,
      x.mean,
      Math.max(0, at(x.kernel, 0) - x.mean ** 2),
      constants,
    ).slopeSecond;
    const toB =
      curve === undefined || 'unknown' in curve || partial === undefined
        ? throughGate.map((k) => k * slope)
        : pullBack({ mean: 0, kernel: throughGate, scale: 0, axes: x.axes }, partial, curve, x).kernel;
    // Each half gets its own: the input's gradient is their average.
    const shift = Math.pow(2, f.scale - x.scale);
    return [
      {
        mean: 0,
        kernel: newKernel((m) => 0.5 * (at(g.kernel, m) * at(f.kernel, m) * shift + at(toB, m))),
        scale: g.scale + x.scale,
        axes: x.axes,
      },
    ];
  },
};
