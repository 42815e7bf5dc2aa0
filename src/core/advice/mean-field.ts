import { correlationLimit } from '../propagation/correlation-series.js';
import { isKnown, type MeanFieldSummary } from '../model/index.js';
import {
  chi,
  depthScale,
  edgeOfChaos,
  fixedPoint,
  varianceSlope,
  type MeanFieldNetwork,
} from '../propagation/meanfield.js';
import type { Place, Survey } from './recommendation/place.js';

/** Fewer layers are no stack whose limit says anything. */
const FEWEST = 3;

interface Member extends MeanFieldNetwork {
  readonly label: string;
}

/**
 * What the theory of deep plain networks says of the layers that repeat: fed by the same activation, with the same σw²
 * and σb². Nothing where norms or residual streams carry the signal.
 */
export function meanFieldSummary(s: Survey): MeanFieldSummary | undefined {
  if (s.sums.length > 0 || s.places.some((p) => p.normNext)) return undefined;
  const groups = new Map<string, Member[]>();
  for (const place of s.places) {
    const member = memberOf(s, place);
    if (member === undefined) continue;
    const key = [
      member.activation.name,
      JSON.stringify(member.constants),
      // Within some percent.
      Math.round(20 * Math.log(member.weightVariance)),
      member.biasVariance === 0 ? 0 : Math.round(Math.log(member.biasVariance)),
    ].join(' ');
    groups.set(key, [...(groups.get(key) ?? []), member]);
  }
  const largest = [...groups.values()].reduce<Member[]>((a, b) => (b.length > a.length ? b : a), []);
  if (largest.length < FEWEST) return undefined;
  const [first] = largest;
  if (first === undefined) return undefined;
  const mean = (f: (m: Member) => number): number => largest.reduce((sum, m) => sum + f(m), 0) / largest.length;
  const net = { ...first, weightVariance: mean((m) => m.weightVariance), biasVariance: mean((m) => m.biasVariance) };
  return { activation: first.label, layers: largest.length, ...summaryOf(net) };
}

function memberOf({ model }: Survey, { feeder, fan, distribution, head }: Place): Member | undefined {
  if (feeder.activation === undefined || head || fan.fanIn === undefined) return undefined;
  if (distribution === undefined || !isKnown(distribution) || !(distribution.std > 0)) return undefined;
  const bias = fan.bias === undefined ? undefined : model.parameters[fan.bias]?.distribution;
  if (bias !== undefined && !isKnown(bias)) return undefined;
  return {
    label: feeder.label,
    activation: feeder.activation.activation,
    constants: feeder.activation.constants,
    weightVariance: fan.fanIn * (distribution.std ** 2 + distribution.mean ** 2),
    biasVariance: bias === undefined ? 0 : bias.std ** 2 + bias.mean ** 2,
  };
}

type Numbers = Omit<MeanFieldSummary, 'activation' | 'layers'>;

/** Fixed points take milliseconds: they are kept for the next look at the same model. */
const KEPT = new Map<string, Numbers>();

function summaryOf(net: MeanFieldNetwork): Numbers {
  const { weightVariance, biasVariance } = net;
  const key = [net.activation.name, JSON.stringify(net.constants), weightVariance, biasVariance].join(' ');
  const known = KEPT.get(key);
  if (known !== undefined) return known;
  const q = fixedPoint(net);
  // Where the variance goes to 0 or beyond all bounds, what counts is how gradients fare on the way there.
  const at = q === undefined ? 1e6 : q === 0 ? 1e-9 : q;
  const slope = chi(net, at);
  const isFixed = q !== undefined && q > 0;
  const limit = isFixed ? correlationLimit(net, q) : undefined;
  const slopeOfVariance = isFixed ? varianceSlope(net, q) : undefined;
  const edge = edgeOfChaos(net.activation, biasVariance, net.constants);
  const numbers: Numbers = {
    weightVariance,
    biasVariance,
    ...(q === undefined ? {} : { fixedPoint: q }),
    chi: slope,
    ...(limit === undefined ? {} : { correlation: limit.correlation }),
    ...depth('varianceDepth', slopeOfVariance),
    ...depth('correlationDepth', limit?.slope),
    ...(edge === undefined ? {} : { critical: { weightVariance: edge.weightVariance, fixedPoint: edge.q } }),
  };
  if (KEPT.size > 256) KEPT.clear();
  KEPT.set(key, numbers);
  return numbers;
}

function depth(name: 'varianceDepth' | 'correlationDepth', factor: number | undefined): Partial<Numbers> {
  const scale = factor === undefined ? undefined : depthScale(factor);
  return scale === undefined ? {} : { [name]: scale };
}
