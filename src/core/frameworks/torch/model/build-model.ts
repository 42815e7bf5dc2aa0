import { torchFans } from '../../../initializers/fans.js';
import type {
  ConstructorArgument,
  LeafModule,
  Model,
  ModuleWalk,
  Parameter,
  ParameterId,
  Shape,
  SourceRange,
  UnknownNote,
} from '../../../model/index.js';
import type { Instance } from '../../../python/values/index.js';
import { torchState } from '../context.js';
import { originOf } from '../nn/parameter.js';
import { namedChildren, namedModules, namedTensors, registry } from '../nn/module-tree.js';
import type { Storage, Tensor } from '../tensor.js';
import { graphShape } from '../trace.js';
import { layersOf } from './layers.js';
import type { TraceResult } from './trace-forward.js';

export interface ModelParts {
  readonly file: string;
  readonly entry: string;
  readonly entryAt: SourceRange | undefined;
  readonly arguments: readonly ConstructorArgument[] | undefined;
  readonly root: Instance;
  readonly input: readonly Shape[];
  readonly inputFrom: Model['inputFrom'];
  readonly trace: TraceResult | undefined;
  readonly unknown: readonly UnknownNote[];
}

/** Turns the objects of an evaluation into plain data. */
export function buildModel(parts: ModelParts): Model {
  const state = torchState();
  const parameters = listParameters(parts.root);
  // Weights that forward uses but no module registers (kept in a Python list, or computed by weight_norm) come after the registered ones.
  const ids = new Map<Tensor, ParameterId>(parameters.map((p, i) => [p.tensor, i]));
  for (const tensor of state.tracer.parameters) {
    if (ids.has(tensor)) continue;
    ids.set(tensor, parameters.length);
    parameters.push({
      tensor,
      parameter: describe(tensor, nameOfEffective(parameters, parts.root, tensor), [], false),
    });
  }
  const idOf = (t: Tensor): ParameterId => ids.get(t)!;
  const traced = (id: ParameterId): ParameterId => idOf(state.tracer.parameters[id]!);
  const graph = state.tracer.graph(parts.trace?.outputs ?? [], traced);
  return {
    file: parts.file,
    framework: 'torch',
    entry: parts.entry,
    ...(parts.entryAt && { entryAt: parts.entryAt }),
    ...(parts.arguments && { arguments: parts.arguments }),
    className: parts.root.cls.name,
    definedAt: parts.root.cls.range,
    input: parts.input,
    inputFrom: parts.inputFrom,
    parameters: withSameDraws(parameters),
    modules: leafModules(parts.root, idOf),
    ...walksOf(parameters),
    layers: layersOf(state, graph.nodes, idOf),
    graph,
    unknown: parts.unknown,
  };
}

interface Listed {
  readonly tensor: Tensor;
  readonly parameter: Parameter;
}

/** Says of parameters whose entries come from one draw which one is the same. */
function withSameDraws(listed: readonly Listed[]): Parameter[] {
  const first = new Map<number, ParameterId>();
  return listed.map(({ tensor, parameter }, id) => {
    const draw = tensor.storage?.draw;
    const same = draw && first.get(draw.source);
    if (draw && same === undefined) first.set(draw.source, id);
    if (draw === undefined || same === undefined) return parameter;
    // What was copied may be listed after its copies.
    const how = draw.by ? draw : listed[same]?.tensor.storage?.draw;
    return how?.by ? { ...parameter, sameAs: { parameter: same, by: how.by, at: how.at } } : parameter;
  });
}

/** The passes over modules that came by this model's and set something in them. */
function walksOf(listed: readonly Listed[]): Pick<Model, 'walks'> {
  const ids = new Map(listed.flatMap(({ tensor }, id) => (tensor.storage ? [[tensor.storage, id] as const] : [])));
  const walks = torchState().walks.flatMap((walk): ModuleWalk[] => {
    const idsOf = (modules: readonly (readonly Storage[])[]): ParameterId[] =>
      modules.flatMap((own) => own.flatMap((s) => ids.get(s) ?? []));
    const isSet = (own: readonly Storage[]): boolean => own.some((s) => walk.written.has(s));
    const set = idsOf(walk.visited.filter(isSet));
    const left = idsOf(walk.visited.filter((own) => !isSet(own)));
    return set.length === 0 ? [] : [{ range: walk.range, set, left }];
  });
  return walks.length === 0 ? {} : { walks };
}

/** torch's `named_parameters()`, with the further names of what is shared. */
function listParameters(root: Instance): Listed[] {
  const names = new Map<Tensor, string[]>();
  for (const { name, tensor } of namedTensors(root, '_parameters')) {
    const known = names.get(tensor);
    if (known) known.push(name);
    else names.set(tensor, [name]);
  }
  return [...names].map(([tensor, [first, ...aliases]]) => ({
    tensor,
    parameter: describe(tensor, first ?? '', aliases, true),
  }));
}

function describe(tensor: Tensor, name: string, aliases: readonly string[], registered: boolean): Parameter {
  const shape = graphShape(tensor.shape);
  const fan = torchFans(shape);
  return {
    name,
    aliases,
    shape,
    fanIn: fan?.fanIn,
    fanOut: fan?.fanOut,
    distribution: tensor.storage?.distribution ?? { kind: 'unknown', reason: 'not known' },
    setBy: tensor.storage?.setBy ?? { what: 'unknown' },
    ...(tensor.storage?.byDefault && { byDefault: tensor.storage.byDefault }),
    ...(tensor.storage && tensor.storage.setBefore.length > 0 && { setBefore: tensor.storage.setBefore }),
    ...(tensor.storage && tensor.storage.lost.length > 0 && { lost: tensor.storage.lost }),
    ...(tensor.storage?.isLoaded && { loaded: true as const }),
    ...(tensor.wasLazy && { lazy: true as const }),
    ...(tensor.requiresGrad ? {} : { frozen: true as const }),
    declaredAt: tensor.declaredAt,
    ...(registered ? {} : { unregistered: true as const }),
  };
}

/** `conv.weight` for the weight that weight_norm computes in `conv`, whichever way it keeps the parts. */
function nameOfEffective(registered: readonly Listed[], root: Instance, tensor: Tensor): string {
  for (const [path, m] of namedModules(root)) {
    for (const [name, v] of m.names.entries()) if (v === tensor) return path === '' ? name : `${path}.${name}`;
  }
  const origin = originOf(tensor);
  const part = origin && registered.find((p) => p.tensor === origin)?.parameter.name;
  return part?.replace(/\bparametrizations\.(\w+)\.original\d*$/, '$1').replace(/_(?:v|orig)$/, '') ?? 'weight';
}

/** Modules without children, and those with weights of their own, once each. */
function leafModules(root: Instance, idOf: (t: Tensor) => ParameterId): LeafModule[] {
  const out: LeafModule[] = [];
  for (const [name, m] of namedModules(root)) {
    const own = (registry(m, '_parameters')?.values() ?? []).filter(
      (v): v is Tensor => typeof v === 'object' && v !== null && 'storage' in v,
    );
    if (namedChildren(m).length > 0 && own.length === 0) continue;
    out.push({ name, type: m.cls.name, declaredAt: m.constructedAt, parameters: own.map(idOf) });
  }
  return out;
}
