import type {
  Distribution,
  Graph,
  GraphNode,
  GraphValue,
  Operation,
  Shape,
  ValueId,
} from '../../../src/core/model/index.js';
import {
  propagateMoments,
  isUnknown,
  type MomentsOptions,
  type PropagationResult,
} from '../../../src/core/propagation/moments/index.js';
import { constant, normal, uniform } from '../../../src/core/initializers/index.js';

/** Builds small graphs by hand. Methods return value ids. */
export class GraphBuilder {
  readonly values: GraphValue[] = [];
  readonly nodes: GraphNode[] = [];
  readonly parameters: { name: string; shape: number[]; distribution: Distribution }[] = [];
  readonly inputs: ValueId[] = [];

  value(shape: Shape, dtype: 'float' | 'int' = 'float'): ValueId {
    this.values.push({ id: this.values.length, shape, dtype });
    return this.values.length - 1;
  }

  parameter(shape: number[], distribution: Distribution): number {
    this.parameters.push({ name: `p${this.parameters.length}`, shape, distribution });
    return this.parameters.length - 1;
  }

  node(operation: Operation, inputs: ValueId[], shape: Shape): ValueId {
    const out = this.value(shape);
    this.nodes.push({ operation, inputs, outputs: [out], path: '' });
    return out;
  }

  nodeWith(operation: Operation, inputs: ValueId[], shapes: Shape[]): ValueId[] {
    const outputs = shapes.map((s) => this.value(s));
    this.nodes.push({ operation, inputs, outputs, path: '' });
    return outputs;
  }

  input(shape: number[], range?: number): ValueId {
    const v = this.value(shape, range === undefined ? 'float' : 'int');
    this.nodes.push({
      operation: range === undefined ? { kind: 'input', name: 'x' } : { kind: 'input', name: 'x', range },
      inputs: [],
      outputs: [v],
      path: '',
    });
    this.inputs.push(v);
    return v;
  }

  shape(v: ValueId): number[] {
    return (this.values[v]?.shape ?? []) as number[];
  }

  /** Weight variance `gain`²/fan_in, bias variance `biasVariance`. */
  linear(x: ValueId, out: number, gain2 = 1, biasVariance?: number): ValueId {
    const s = this.shape(x);
    const fan = s[s.length - 1]!;
    const weight = this.parameter([out, fan], normal(0, Math.sqrt(gain2 / fan)));
    const bias =
      biasVariance === undefined
        ? undefined
        : this.parameter(
            [out],
            biasVariance === 0 ? constant(0) : uniform(-Math.sqrt(3 * biasVariance), Math.sqrt(3 * biasVariance)),
          );
    return this.node(
      { kind: 'linear', weight, ...(bias === undefined ? {} : { bias }) },
      [x],
      [...s.slice(0, -1), out],
    );
  }

  /** PyTorch's default: weight and bias U(±1/√fan_in). */
  torchLinear(x: ValueId, out: number): ValueId {
    const s = this.shape(x);
    return this.linear(x, out, 1 / 3, 1 / (3 * s[s.length - 1]!));
  }

  conv(
    x: ValueId,
    out: number,
    kernel: number,
    o: {
      stride?: number;
      padding?: number;
      groups?: number;
      gain2?: number;
      bias?: number;
      dilation?: number;
      mode?: 'zeros' | 'circular';
      transposed?: boolean;
    } = {},
  ): ValueId {
    const [n, c, ...sizes] = this.shape(x) as [number, number, ...number[]];
    const groups = o.groups ?? 1;
    const stride = o.stride ?? 1;
    const padding = o.padding ?? 0;
    const dilation = o.dilation ?? 1;
    const k = sizes.map(() => kernel);
    const fan = (c / groups) * kernel ** sizes.length;
    const transposed = o.transposed ?? false;
    const weight = this.parameter(
      transposed ? [c, out / groups, ...k] : [out, c / groups, ...k],
      normal(0, Math.sqrt((o.gain2 ?? 1) / fan)),
    );
    const bias = o.bias === undefined ? undefined : this.parameter([out], normal(0, Math.sqrt(o.bias)));
    const outSizes = sizes.map((s) =>
      transposed
        ? (s - 1) * stride - 2 * padding + dilation * (kernel - 1) + 1
        : Math.floor((s + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1,
    );
    return this.node(
      {
        kind: 'convolution',
        weight,
        ...(bias === undefined ? {} : { bias }),
        window: {
          kernel: k,
          stride: k.map(() => stride),
          padding: k.map(() => [padding, padding] as const),
          dilation: k.map(() => dilation),
        },
        groups,
        transposed,
        paddingMode: o.mode ?? 'zeros',
      },
      [x],
      [n, out, ...outSizes],
    );
  }

  act(x: ValueId, name: string, constants: Record<string, number> = {}): ValueId {
    return this.node({ kind: 'activation', name, constants }, [x], this.shape(x));
  }

  norm(
    x: ValueId,
    over: 'batch' | 'layer' | 'rms' | 'group' | 'instance',
    o: { eps?: number; groups?: number; gamma?: Distribution } = {},
  ): ValueId {
    const channels = over === 'layer' || over === 'rms' ? this.shape(x).at(-1)! : this.shape(x)[1]!;
    const weight = this.parameter([channels], o.gamma ?? constant(1));
    const bias = this.parameter([channels], constant(0));
    return this.node(
      {
        kind: 'normalize',
        over,
        eps: o.eps ?? 1e-5,
        weight,
        bias,
        ...(over === 'layer' || over === 'rms' ? { dims: 1 } : {}),
        ...(o.groups === undefined ? {} : { groups: o.groups }),
      },
      [x],
      this.shape(x),
    );
  }

  add(a: ValueId, b: ValueId): ValueId {
    return this.node({ kind: 'add' }, [a, b], broadcast(this.shape(a), this.shape(b)));
  }

  multiply(a: ValueId, b: ValueId): ValueId {
    return this.node({ kind: 'multiply' }, [a, b], broadcast(this.shape(a), this.shape(b)));
  }

  pool(x: ValueId, reduce: 'max' | 'average', kernel: number, stride = kernel, padding = 0): ValueId {
    const [n, c, ...sizes] = this.shape(x) as [number, number, ...number[]];
    const k = sizes.map(() => kernel);
    return this.node(
      {
        kind: 'pool',
        reduce,
        window: {
          kernel: k,
          stride: k.map(() => stride),
          padding: k.map(() => [padding, padding] as const),
          dilation: k.map(() => 1),
        },
        countPadding: true,
        ceil: false,
      },
      [x],
      [n, c, ...sizes.map((s) => Math.floor((s + 2 * padding - kernel) / stride) + 1)],
    );
  }

  globalAverage(x: ValueId): ValueId {
    const [n, c, ...sizes] = this.shape(x) as [number, number, ...number[]];
    return this.node(
      { kind: 'adaptivePool', reduce: 'average', output: sizes.map(() => 1) },
      [x],
      [n, c, ...sizes.map(() => 1)],
    );
  }

  reshape(x: ValueId, shape: number[]): ValueId {
    return this.node({ kind: 'reshape' }, [x], shape);
  }

  permute(x: ValueId, axes: number[]): ValueId {
    const s = this.shape(x);
    return this.node(
      { kind: 'permute', axes },
      [x],
      axes.map((a) => s[a]!),
    );
  }

  graph(...outputs: ValueId[]): Graph {
    return { values: this.values, nodes: this.nodes, inputs: this.inputs, outputs };
  }

  run(outputs: ValueId[], options: MomentsOptions = {}): Run {
    return new Run(propagateMoments({ graph: this.graph(...outputs), parameters: this.parameters }, options));
  }
}

export class Run {
  constructor(readonly result: PropagationResult) {}

  variance(v: ValueId): number {
    const m = this.result.forward[v];
    if (m === undefined || isUnknown(m as never)) throw new Error(`value ${v}: ${JSON.stringify(m)}`);
    return (m as { variance: number }).variance;
  }

  mean(v: ValueId): number {
    const m = this.result.forward[v];
    if (m === undefined || isUnknown(m as never)) throw new Error(`value ${v}: ${JSON.stringify(m)}`);
    return (m as { mean: number }).mean;
  }

  /** E[x²]. */
  second(v: ValueId): number {
    const m = this.result.forward[v] as { logSecondMoment?: number };
    if (m.logSecondMoment === undefined) throw new Error(`value ${v}: ${JSON.stringify(m)}`);
    return 2 ** m.logSecondMoment;
  }

  /** E[x·x′]/E[x²] of one unit's answers to two inputs. */
  correlation(v: ValueId): number {
    const m = this.result.forward[v] as { sampleCorrelation?: number };
    if (m.sampleCorrelation === undefined) throw new Error(`value ${v}: ${JSON.stringify(m)}`);
    return m.sampleCorrelation;
  }

  gradient(v: ValueId): number {
    const m = this.result.backward[v];
    if (m === undefined || 'unknown' in m) throw new Error(`gradient ${v}: ${JSON.stringify(m)}`);
    return m.variance;
  }
}

function broadcast(a: number[], b: number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => Math.max(a[i - rank + a.length] ?? 1, b[i - rank + b.length] ?? 1));
}
