import type { Parameter, ParameterId } from '../../../model/index.js';
import type { Cause, Rule, Subject } from '../rule.js';

interface Same {
  readonly first: Parameter;
  readonly parameter: Parameter;
}

/** Random weights that forward uses and that start with the entries of another. */
function sameWeights(s: Subject, by: 'copy' | 'seed'): Same[] {
  const used = new Set<ParameterId>([
    ...s.model.layers.flatMap((l) => l.parameters),
    ...s.places.map((p) => p.fan.weight),
  ]);
  return s.model.parameters.flatMap((parameter, id): Same[] => {
    const { sameAs, shape, frozen, distribution } = parameter;
    const first = sameAs && s.model.parameters[sameAs.parameter];
    if (sameAs?.by !== by || !first || !used.has(id) || !used.has(sameAs.parameter)) return [];
    // A copy that is not trained is a teacher's or a target's.
    if (frozen || first.frozen || shape.length < 2 || (distribution.std ?? 0) === 0) return [];
    return [{ first, parameter }];
  });
}

/** By the call that made them the same. */
function byCall(all: readonly Same[]): [Same, ...Same[]][] {
  const groups = new Map<string, [Same, ...Same[]]>();
  for (const same of all) {
    const at = same.parameter.sameAs?.at;
    const key = `${at?.file ?? ''} ${at?.cell ?? ''} ${at?.start ?? ''}`;
    const known = groups.get(key);
    if (known) known.push(same);
    else groups.set(key, [same]);
  }
  return [...groups.values()];
}

export const sameSeed: Rule = {
  code: 'IS120',
  name: 'seed-reused',
  severity: 'warning',
  find: (s) =>
    byCall(sameWeights(s, 'seed')).map((group): Cause => {
      const [{ first, parameter }] = group;
      const more = group.length > 1 ? ` (and ${group.length - 1} more)` : '';
      return {
        range: parameter.sameAs?.at,
        layer: parameter.name.replace(/\.\w+$/, ''),
        message: `\`${parameter.name}\` starts with the same entries as \`${first.name}\`${more}: both are drawn at the same place after the same seed. Seed once, before the first layer is made.`,
        ...(parameter.declaredAt && {
          related: [{ message: `\`${parameter.name}\` is made here`, range: parameter.declaredAt }],
        }),
      };
    }),
};

/** Two or three copies add 4/2 or 9/3 of what layers drawn apart do; from here on it counts. */
const MANY = 4;

export const identicalCopies: Rule = {
  code: 'IS121',
  name: 'identical-layers',
  severity: 'warning',
  find: (s) =>
    byCall(sameWeights(s, 'copy')).map((group): Cause => {
      const [{ first, parameter }] = group;
      const originals = new Set(group.map((g) => g.first)).size;
      const copies = Math.round(group.length / originals) + 1;
      const more = originals > 1 ? ` and ${originals - 1} more` : '';
      return {
        range: parameter.sameAs?.at,
        layer: parameter.name.replace(/\.\w+$/, ''),
        severity: copies >= MANY ? 'warning' : 'info',
        message: `\`${first.name}\`${more} ${originals > 1 ? 'start' : 'starts'} the same in ${copies} deep copies of one layer: what they add to a stream is in step and grows like n², not n. Draw each anew after copying, for example by xavier_uniform_ for every parameter with dim() > 1.`,
      };
    }),
};
