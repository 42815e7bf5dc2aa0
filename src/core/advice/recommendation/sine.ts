import type { Recommendation, ValueId } from '../../model/index.js';
import { short } from '../findings/words.js';
import type { Wiring } from './graph-walk.js';
import { currentStd, near } from './in-force.js';
import type { Place, Survey } from './place.js';

/** ω where the value goes into sin(ω·z), and nowhere else. */
export function frequencyAfter(w: Wiring, value: ValueId): number | undefined {
  let at = value;
  let omega = 1;
  for (let i = 0; i < 4; i++) {
    const [only, ...more] = w.consumers[at] ?? [];
    const node = only === undefined || more.length > 0 ? undefined : w.graph.nodes[only];
    const op = node?.operation;
    if (op?.kind === 'affine') omega *= op.factor;
    else if (op?.kind === 'activation' && op.name === 'sin') return omega * (op.constants['omega'] ?? 1);
    else if (op?.kind !== 'reshape') return undefined;
    at = node!.outputs[0]!;
  }
  return undefined;
}

/**
 * SIREN (Sitzmann et al. 2020, arXiv:2006.09661): the first layer, fed by coordinates, U(±1/n), so that ω alone says
 * how often a sine turns over the input; between sines U(±√(6/n)/ω), which gives ω·z variance 1, as sines keep half.
 */
export function recommendSine(s: Survey, place: Place): Recommendation | undefined {
  const omega = frequencyAfter(s.wiring, place.node.outputs[0]!);
  if (omega === undefined || omega === 0) return undefined;
  const isHidden = place.feeder.activation?.activation.name === 'sin';
  // At ω = 1 nothing stretches the input: a first layer is like any other.
  if (!isHidden && (place.feeder.kind !== 'data' || Math.abs(omega) <= 1)) return undefined;
  const { fan, distribution } = place;
  const n = fan.fanIn;
  const scale = Math.abs(omega);
  const ofOmega = scale === 1 ? '' : `/${short(scale)}`;
  const gain = isHidden ? Math.SQRT2 / scale : n === undefined ? undefined : 1 / Math.sqrt(3 * n);
  const std = gain === undefined || n === undefined ? undefined : gain / Math.sqrt(n);
  const size = n ?? `(${fan.expression})`;
  const bounds = isHidden ? `U(±√(6/${size})${ofOmega})` : `U(±1/${size})`;
  const digits = std === undefined ? '' : `, σ = ${short(std)}`;
  const why = isHidden
    ? `Between sines, which keep half of E[z²], SIREN's ${bounds}${digits}, gives the argument of sin(${scale === 1 ? '' : `${short(scale)}·`}z) variance 1 in every layer.`
    : `The first layer of a sine network: SIREN's ${bounds}${digits}; how often sin(${short(scale)}·z) turns over the input is then left to its ${short(scale)}.`;
  if (std === undefined)
    return {
      init: 'siren_uniform',
      symbolic: isHidden
        ? `√(2/fan_in)${ofOmega}, fan_in = ${fan.expression}`
        : `1/(√3·fan_in), fan_in = ${fan.expression}`,
      satisfied: false,
      why,
    };
  return { init: 'siren_uniform', gain, std, satisfied: near(currentStd(distribution), std), why };
}
