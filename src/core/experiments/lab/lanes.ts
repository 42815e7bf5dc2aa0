import type { InitLaw, Model } from '../../model/index.js';
import { activationNamed, summarize } from '../../propagation/activations/index.js';
import { applyWhatIf } from '../../whatif/index.js';
import { buildNetwork } from '../training/network.js';
import type { Lanes, LeftOut, RaceLane } from './race.js';

/** Starts that race against each other. `current` is what the model has, or PyTorch's default for sizes without a model. */
export type LaneName = 'current' | 'recommended' | 'zeros' | 'normalTenth' | 'lecun' | 'xavier' | 'he' | 'orthogonal';

const LAWS: Readonly<Record<Exclude<LaneName, 'current' | 'recommended'>, InitLaw>> = {
  zeros: { law: 'zeros' },
  normalTenth: { law: 'normal', std: 0.1 },
  lecun: { law: 'lecun_normal' },
  xavier: { law: 'glorot_uniform' },
  he: { law: 'he_normal' },
  orthogonal: { law: 'orthogonal' },
};

/** U(±1/√n), as `nn.Linear` has it: a third of LeCun's variance. */
const TORCH_DEFAULT: InitLaw = { law: 'lecun_uniform', gain: 1 / Math.sqrt(3) };

/** A chain of linear layers: units of the input, the hidden layers and the output. */
export function chainLanes(
  widths: readonly number[],
  activation: string,
  names: readonly LaneName[],
  batch: number,
): Lanes {
  const [inputs = 1, ...units] = widths;
  const { gain } = summarize(activationNamed(activation)!);
  const lanes = names.map((name): RaceLane => {
    const layers = units.map((n, l) => ({
      units: n,
      activation: l < units.length - 1 ? activation : undefined,
      weight: lawOf(name, l === 0 ? 1 : gain),
    }));
    return { name, model: buildNetwork({ inputs, layers }, batch) };
  });
  return { lanes, leftOut: [] };
}

/** `gain` is that of what feeds the layer. */
function lawOf(name: LaneName, gain: number): InitLaw {
  if (name === 'current') return TORCH_DEFAULT;
  return name === 'recommended' ? { law: 'lecun_normal', gain } : LAWS[name];
}

/** A model that was read; lanes whose law it can't take are left out, with the reason. */
export function modelLanes(model: Model, names: readonly LaneName[]): Lanes {
  const lanes: RaceLane[] = [];
  const leftOut: LeftOut[] = [];
  for (const name of names) {
    if (name === 'current') {
      lanes.push({ name, model });
      continue;
    }
    const law: InitLaw = name === 'recommended' ? { law: 'recommended' } : LAWS[name];
    const { model: changed, refused } = applyWhatIf(model, { init: [{ law }] });
    if (refused[0] === undefined) lanes.push({ name, model: changed });
    else leftOut.push({ name, reason: refused[0].reason });
  }
  return { lanes, leftOut };
}
