import {
  countEntries,
  isIdentity,
  type Dim,
  type Distribution,
  type GradientStop,
  type Graph,
  type GraphNode,
  type GraphValue,
  type Operation,
  type ParameterId,
  type Shape,
  type SourceRange,
  type ValueId,
} from '../../model/index.js';
import { Stopped, type Runtime } from '../../python/values/runtime.js';
import { entries } from './ops/kit/entries.js';
import { GradMode } from './grad-mode.js';
import { Tensor, type DType, type Size } from './tensor.js';

/** Operations of one forward: the deepest networks have a few thousand, loops over time steps the rest. */
const MOST_NODES = 8_000;
/** Entries of a constant that are computed for it: 128 positions of 768 features, in some 10 ms. */
const MOST_GIVEN = 100_000;

/** Shape for the graph: unknown dimensions become their symbols; an unknown rank is one dimension "…". */
export function graphShape(shape: Tensor['shape']): Shape {
  return Array.isArray(shape) ? shape.map((d: Size): Dim => (typeof d === 'number' ? d : d.symbol)) : ['…'];
}

/**
 * Records what forward computes. One tracer an evaluation; `active` only while the root's forward runs, so that
 * arithmetic in constructors leaves no nodes.
 */
export class Tracer {
  active = false;
  /** Qualified name of the module whose forward runs, kept by nn.Module's call. */
  path = '';
  readonly gradMode = new GradMode();
  readonly values: GraphValue[] = [];
  readonly nodes: GraphNode[] = [];
  private readonly inputs: ValueId[] = [];
  /** Parameters in the order in which the trace met them; mapped to the model's order at the end. */
  private readonly parameterIds = new Map<Tensor, ParameterId>();
  readonly parameters: Tensor[] = [];
  private readonly sources = new Map<Tensor, ValueId>();

  /** Number that stands for a parameter in operations. The canonical tensor of a parameter is the one registered on a module. */
  parameterId(tensor: Tensor): ParameterId {
    let id = this.parameterIds.get(tensor);
    if (id === undefined) {
      id = this.parameters.length;
      this.parameters.push(tensor);
      this.parameterIds.set(tensor, id);
    }
    return id;
  }

  /** True when an operation on these tensors belongs into the graph: something in it depends on forward's input or on a parameter. */
  isTraced(tensors: readonly Tensor[]): boolean {
    return this.active && tensors.some((t) => t.value !== null || isWeight(t));
  }

  /** A tensor that forward is called with. */
  input(tensor: Tensor, name: string, range?: number): Tensor {
    const op: Operation = range === undefined ? { kind: 'input', name } : { kind: 'input', name, range };
    const id = this.newValue(tensor);
    this.nodes.push({ operation: op, inputs: [], outputs: [id], path: '' });
    this.inputs.push(id);
    tensor.value = id;
    return tensor;
  }

  /** The node that a value comes from. */
  madeBy(value: ValueId): GraphNode | undefined {
    for (let i = this.nodes.length - 1; i >= 0; i--) if (this.nodes[i]!.outputs.includes(value)) return this.nodes[i];
    return undefined;
  }

  /** The tensor's number in the graph; parameters, buffers and constants get a source node on first use. */
  valueOf(tensor: Tensor): ValueId {
    if (tensor.value !== null) return tensor.value;
    const source = this.sources.get(tensor);
    if (source !== undefined) return source;
    const id = this.newValue(tensor);
    this.nodes.push({ operation: this.sourceOf(tensor), inputs: [], outputs: [id], path: this.path });
    this.sources.set(tensor, id);
    return id;
  }

  /** What gives the entries of a tensor that no operation of forward has made. */
  private sourceOf(tensor: Tensor): Operation {
    const distribution: Distribution = tensor.storage?.distribution ?? {
      kind: 'unknown',
      reason: 'values computed before forward',
    };
    const known = distribution.kind === 'constant' ? undefined : (entries(tensor, MOST_GIVEN) ?? undefined);
    return tensor.role === 'parameter'
      ? { kind: 'parameter', parameter: this.parameterId(tensor) }
      : { kind: 'constant', distribution, ...(known === undefined ? {} : { entries: known }) };
  }

  /** The tensor's entries as a value that no gradient passes; what has none, or is such a value, stands for itself. */
  detach(runtime: Runtime, tensor: Tensor, stopsGradient: GradientStop): ValueId {
    const { value, dtype } = tensor;
    const isFloat = dtype === 'float' || dtype === 'complex';
    if (!isFloat || (value !== null && this.isDetached(value))) return this.valueOf(tensor);
    const operation: Operation = value === null ? this.sourceOf(tensor) : { kind: 'affine', factor: 1, offset: 0 };
    const id = this.newValue(tensor);
    this.nodes.push({
      operation,
      inputs: value === null ? [] : [value],
      outputs: [id],
      path: this.path,
      range: runtime.here,
      stopsGradient,
    });
    return id;
  }

  /** Whether nothing is left to detach, even if `no_grad` is ignored. */
  private isDetached(value: ValueId): boolean {
    const stop = this.madeBy(value)?.stopsGradient;
    return stop !== undefined && stop !== 'no_grad';
  }

  /** The value that a `detach` was called on; any other value is itself. */
  beforeDetach(value: ValueId): ValueId {
    const node = this.madeBy(value);
    return (node !== undefined && isDetach(node) ? node.inputs[0] : undefined) ?? value;
  }

  /** Lets gradients pass what was computed under `no_grad`; answers where that was first, if anywhere. */
  ignoreNoGrad(): SourceRange | undefined {
    let first: SourceRange | undefined;
    this.nodes.forEach((node, i) => {
      if (node.stopsGradient !== 'no_grad') return;
      first ??= node.range;
      this.nodes[i] = { ...node, stopsGradient: undefined };
    });
    return first;
  }

  /** Records one operation and gives its results. `shape` is that of the (first) output. */
  emit(
    runtime: Runtime,
    operation: Operation,
    inputs: readonly Tensor[],
    outputs: readonly { readonly shape: Tensor['shape']; readonly dtype?: DType }[],
  ): Tensor[] {
    if (this.nodes.length >= MOST_NODES)
      throw new Stopped('budget', `stopped after ${String(MOST_NODES)} operations`, runtime.here);
    const ids = inputs.map((t) => this.valueOf(t));
    const results = outputs.map((o) => {
      const t = new Tensor(o.shape, o.dtype ?? 'float', null);
      t.value = this.newValue(t);
      return t;
    });
    this.nodes.push({
      operation,
      inputs: ids,
      outputs: results.map((t) => t.value!),
      path: this.path,
      range: runtime.here,
      ...(this.gradMode.isEnabled ? {} : { stopsGradient: 'no_grad' as const }),
    });
    return results;
  }

  /** `map` takes the trace's parameter numbers to the model's. */
  graph(outputs: readonly Tensor[], map: (id: ParameterId) => ParameterId): Graph {
    return {
      values: this.values,
      nodes: this.nodes.map((n) => ({ ...n, operation: renumber(n.operation, map) })),
      inputs: this.inputs,
      outputs: outputs.flatMap((t) => (t.value === null ? [] : [t.value])),
    };
  }

  private newValue(tensor: Tensor): ValueId {
    const id = this.values.length;
    this.values.push({
      id,
      shape: graphShape(tensor.shape),
      dtype: tensor.dtype === 'complex' ? 'float' : tensor.dtype,
    });
    return id;
  }
}

function renumber(operation: Operation, map: (id: ParameterId) => ParameterId): Operation {
  const op = operation as Record<string, unknown>;
  const out: Record<string, unknown> = { ...op };
  for (const key of ['weight', 'bias', 'parameter', 'learned'])
    if (typeof op[key] === 'number') out[key] = map(op[key]);
  if (Array.isArray(op['parameters'])) out['parameters'] = (op['parameters'] as ParameterId[]).map(map);
  return out as unknown as Operation;
}

/** Whether the node does nothing but stop the gradient of a value of forward. */
export function isDetach({ operation: op, inputs, stopsGradient }: GraphNode): boolean {
  return isIdentity(op) && inputs.length === 1 && stopsGradient === 'detach';
}

/** Whether operations may name the tensor as their weight by a ParameterId. */
export function isWeight(tensor: Tensor): boolean {
  return tensor.role === 'parameter' || tensor.role === 'effective';
}

/** Number of entries, where every dimension is known. */
export function sizeOf(tensor: Tensor): number | undefined {
  return Array.isArray(tensor.shape) ? countEntries(graphShape(tensor.shape)) : undefined;
}
