import { short } from '../findings/words.js';

export function gainText(gain: number): string {
  return Math.abs(gain - Math.SQRT2) < 1e-6 ? '√2' : short(gain);
}

/** `√(2/512)`, `1.59/√fan_in`: gain over the root of the fan-in, in digits or as an expression. */
export function sigmaText(gain: number, fan: number | string): string {
  const g2 = gain * gain;
  const whole = Math.abs(g2 - Math.round(g2)) < 1e-9 && g2 >= 1;
  const text = typeof fan === 'string' ? fan : Number.isInteger(fan) ? String(fan) : short(fan);
  // A factor behind a fraction's bar needs brackets, and so does all but a name or a number behind a root.
  const bracketed = /^\w+$/.test(text) || Number(text) > 0 ? text : `(${text})`;
  return whole ? `√(${Math.round(g2)}/${bracketed})` : `${short(gain)}/√${bracketed}`;
}

/** `half of E[z²]`: what an activation keeps. */
export function shareText(kept: number): string {
  if (kept === 0.5) return 'half of';
  return Math.abs(kept - 1) < 5e-4 ? 'all of' : `${short(kept)} of`;
}
