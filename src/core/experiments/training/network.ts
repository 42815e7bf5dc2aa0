import { torchFans } from '../../initializers/index.js';
import {
  isKnown,
  type Distribution,
  type Graph,
  type GraphNode,
  type GraphValue,
  type InitLaw,
  type KnownDistribution,
  type Layer,
  type Parameter,
} from '../../model/index.js';
import { distributionOf } from '../../whatif/laws.js';

/** A chain of linear layers, each with its activation. */
export interface NetworkSpec {
  readonly inputs: number;
  readonly layers: readonly LayerSpec[];
}

export interface LayerSpec {
  readonly units: number;
  /** Name of an activation of `core/propagation/activations`; absent: the layer is linear. */
  readonly activation?: string | undefined;
  /** The law of its weight, (units, inputs). */
  readonly weight: InitLaw;
  /** Absent: zeros. */
  readonly bias?: Distribution | undefined;
}

export interface Network {
  readonly graph: Graph;
  readonly parameters: readonly Parameter[];
  readonly layers: readonly Layer[];
}

const ZERO: Distribution = { kind: 'constant', mean: 0, std: 0 };

/** The distribution that a law gives the weight of a linear layer. Throws for laws that need more than its sizes. */
export function weightLaw(law: InitLaw, fanIn: number, units: number): KnownDistribution {
  const shape = [units, fanIn];
  const blank = {
    name: 'weight',
    shape,
    aliases: [],
    setBy: { what: law.law },
    ...torchFans(shape),
    distribution: ZERO,
  };
  const distribution = distributionOf(law, blank);
  if ('refused' in distribution) throw new RangeError(distribution.refused);
  if (!isKnown(distribution)) throw new RangeError('its distribution is not known');
  return distribution;
}

/** The network's graph for batches of that size. Throws for laws that need more than a layer's sizes. Parameters 2l and 2l + 1 are weight and bias of layer l. */
export function buildNetwork({ inputs, layers }: NetworkSpec, batch: number): Network {
  const values: GraphValue[] = [];
  const nodes: GraphNode[] = [];
  const parameters: Parameter[] = [];
  const steps: Layer[] = [];
  const value = (units: number): number =>
    values.push({ id: values.length, shape: [batch, units], dtype: 'float' }) - 1;
  const node = (operation: GraphNode['operation'], from: readonly number[], units: number, path: string): number => {
    const out = value(units);
    nodes.push({ operation, inputs: from, outputs: [out], path });
    return out;
  };

  let x = node({ kind: 'input', name: 'x' }, [], inputs, '');
  let fanIn = inputs;
  layers.forEach(({ units, activation, weight, bias = ZERO }, l) => {
    const name = `layer${String(l + 1)}`;
    const shape = [units, fanIn];
    const base = { aliases: [], setBy: { what: weight.law } } as const;
    const distribution = weightLaw(weight, fanIn, units);
    parameters.push({ ...base, name: `${name}.weight`, shape, ...torchFans(shape), distribution });
    parameters.push({ ...base, name: `${name}.bias`, shape: [units], distribution: bias });
    const add = (type: string, path: string, operation: GraphNode['operation'], own: readonly number[]): void => {
      const before = x;
      x = node(operation, [x], units, path);
      const at = nodes.length;
      const step = { type, kind: 'module', inputs: [before], output: x, nodes: [at - 1, at], parameters: own } as const;
      steps.push({ ...step, name: path });
    };
    add('Linear', name, { kind: 'linear', weight: 2 * l, bias: 2 * l + 1 }, [2 * l, 2 * l + 1]);
    if (activation !== undefined)
      add(activation, `${name}.${activation}`, { kind: 'activation', name: activation, constants: {} }, []);
    fanIn = units;
  });
  return { graph: { values, nodes, inputs: [0], outputs: [x] }, parameters, layers: steps };
}
