import { isIdentity, type GraphNode, type Layer, type OperationKind, type ParameterId } from '../../../model/index.js';
import type { TorchState } from '../context.js';
import { registry } from '../nn/module-tree.js';
import { Tensor } from '../tensor.js';

/** Operations that leave the signal as it is: they are in the graph, but nobody would call them a layer. */
const SILENT: ReadonlySet<OperationKind> = new Set([
  'input',
  'constant',
  'parameter',
  'reshape',
  'permute',
  'select',
  'repeat',
  'roll',
  'pad',
]);

/** What a person would call a function's node: the activation's own name, or the operation's. */
function functionName(node: GraphNode): string {
  const op = node.operation;
  switch (op.kind) {
    case 'activation':
      return op.name;
    case 'opaque':
      return op.name;
    case 'concatenate':
      return op.stacked ? 'stack' : 'cat';
    case 'normalize':
      return op.over === 'l2' ? 'normalize' : `${op.over}_norm`;
    case 'softmax':
      return op.log ? 'log_softmax' : 'softmax';
    case 'affine':
      return op.offset === 0 ? 'mul' : op.factor === 1 ? 'add' : 'affine';
    case 'multiply':
      return 'mul';
    case 'subtract':
      return 'sub';
    case 'divide':
      return 'div';
    case 'pool':
    case 'adaptivePool':
      return `${op.reduce === 'max' ? 'max' : 'avg'}_pool`;
    case 'reduce':
      return op.how;
    default:
      return op.kind;
  }
}

/**
 * The steps of forward in execution order: calls of leaf modules, and functions called between them. Functions inside a
 * leaf module are listed before it, since the module's output is what they lead to.
 */
export function layersOf(state: TorchState, nodes: readonly GraphNode[], idOf: (t: Tensor) => ParameterId): Layer[] {
  const out: { readonly at: number; readonly layer: Layer }[] = [];
  const covered = new Set<number>();
  for (const call of state.calls) {
    const [first, last] = call.nodes;
    const parameters = (registry(call.module, '_parameters')?.values() ?? [])
      .filter((v): v is Tensor => v instanceof Tensor)
      .map(idOf);
    const isPlain = last - first <= 1 || call.module.cls.module?.isLibrary !== false;
    // Inside a layer of the library the single operations are no news; in the user's own leaf modules they are.
    if (isPlain) for (let i = first; i < last; i++) covered.add(i);
    out.push({
      at: last - 0.5,
      layer: {
        name: state.names.get(call.module) ?? call.module.cls.name,
        type: call.module.cls.name,
        kind: 'module',
        declaredAt: call.module.constructedAt,
        calledAt: call.calledAt,
        inputs: call.inputs,
        output: call.output,
        nodes: call.nodes,
        parameters,
      },
    });
  }
  for (const [i, node] of nodes.entries()) {
    if (covered.has(i) || SILENT.has(node.operation.kind) || isIdentity(node.operation)) continue;
    const output = node.outputs[0];
    if (output === undefined) continue;
    const name = functionName(node);
    const weights = ['weight', 'bias', 'learned']
      .map((k) => (node.operation as Record<string, unknown>)[k])
      .filter((v): v is number => typeof v === 'number');
    out.push({
      at: i,
      layer: {
        name: node.path === '' ? `/${name}` : `${node.path}/${name}`,
        type: name,
        kind: 'function',
        declaredAt: undefined,
        calledAt: node.range,
        inputs: node.inputs,
        output,
        nodes: [i, i + 1],
        parameters: weights,
      },
    });
  }
  return out.sort((a, b) => a.at - b.at).map((x) => x.layer);
}
