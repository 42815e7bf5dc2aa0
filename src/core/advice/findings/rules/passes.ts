import { isKnown, type ModuleWalk, type ParameterId } from '../../../model/index.js';
import { effectOf, scaleMatters } from '../causes.js';
import type { Cause, Rule, Subject } from '../rule.js';
import { change, over, short } from '../words.js';

/** Layers that torch initializes with a scheme of their own. */
const LEFT_ON_PURPOSE = new Set(['MultiheadAttention']);
const RECURRENT = /^(?:LSTM|GRU|RNN)(?:Cell)?$/;

interface Missed {
  readonly id: ParameterId;
  readonly type: string;
}

/** Weights at their default that a pass came by, of types that it does nothing with. */
function missed(s: Subject, walk: ModuleWalk, typeOf: ReadonlyMap<ParameterId, string>): Missed[] {
  const known = new Set(walk.set.map((id) => typeOf.get(id)));
  return walk.left.flatMap((id): Missed[] => {
    const p = s.model.parameters[id];
    const type = typeOf.get(id);
    if (p === undefined || type === undefined || known.has(type) || LEFT_ON_PURPOSE.has(type)) return [];
    const atDefault = p.setBy.what === 'default' && p.setBy.range === undefined && !p.frozen;
    return atDefault && p.shape.length > 1 && (p.distribution.std ?? 0) > 0 ? [{ id, type }] : [];
  });
}

/** Nothing else has set any parameter of its module either. */
function isUntouched(s: Subject, { id }: Missed): boolean {
  const module = s.model.modules.find((m) => m.parameters.includes(id));
  return module?.parameters.every((own) => s.model.parameters[own]?.setBy.range === undefined) === true;
}

/** Standard deviation that most of the weights have that the pass did set. */
function usualStd(s: Subject, walk: ModuleWalk): number | undefined {
  const stds = walk.set
    .map((id) => s.model.parameters[id])
    .flatMap((p) => (p && p.shape.length > 1 && isKnown(p.distribution) ? [p.distribution.std] : []))
    .sort((a, b) => a - b);
  return stds[stds.length >> 1];
}

function causeOf(s: Subject, walk: ModuleWalk, typeOf: ReadonlyMap<ParameterId, string>): Cause[] {
  const all = missed(s, walk, typeOf);
  const ids = new Set(all.map((m) => m.id));
  const places = s.places.filter((p) => ids.has(p.fan.weight));
  const sizes = effectOf(
    s,
    places.filter((p) => scaleMatters(s, p)),
  );
  const usual = usualStd(s, walk);
  const embedding = places.find(
    (p) =>
      p.node.operation.kind === 'embedding' && !p.normNext && (p.distribution?.std ?? 0) > 10 * (usual ?? Infinity),
  );
  const recurrent = all.find((m) => RECURRENT.test(m.type) && isUntouched(s, m));
  const isFar = sizes !== undefined && Math.abs(Math.log10(sizes.total)) >= 1;
  const first = isFar ? places[0]?.fan.weight : (embedding?.fan.weight ?? recurrent?.id);
  if (first === undefined) return [];
  const types = [...new Set(all.map((m) => m.type))].join(', ');
  const names = s.model.parameters[first]?.name ?? '';
  const effect = isFar
    ? `the variance ${change(sizes.each)} ${over(sizes)}`
    : embedding
      ? `it is N(0, 1) beside weights with σ = ${short(usual ?? 0)}`
      : 'every one of its parameters is U(±1/√hidden)';
  const handled = [...new Set(walk.set.flatMap((id) => typeOf.get(id) ?? []))].slice(0, 4).join(', ');
  const more = all.length > 1 ? ` and ${all.length - 1} more` : '';
  return [
    {
      range: walk.range,
      layer: names.replace(/\.\w+$/, ''),
      // Three layers at the default lose 6³; nets as shallow are known to train with it.
      severity: isFar && Math.abs(Math.log10(sizes.total)) >= 3 ? 'warning' : 'info',
      message: `This initializes ${handled} and leaves ${types} at PyTorch's default (\`${names}\`${more}): ${effect}. Add a case for ${types}.`,
      related: all.slice(0, 3).flatMap(({ id, type }) => {
        const at = s.model.parameters[id]?.declaredAt;
        return at ? [{ message: `${type} that is left out`, range: at }] : [];
      }),
    },
  ];
}

export const layersMissed: Rule = {
  code: 'IS114',
  name: 'layers-missed',
  severity: 'warning',
  explainsScale: true,
  find(s) {
    const typeOf = new Map(s.model.modules.flatMap((m) => m.parameters.map((id) => [id, m.type] as const)));
    return (s.model.walks ?? []).flatMap((walk) => causeOf(s, walk, typeOf));
  },
};
