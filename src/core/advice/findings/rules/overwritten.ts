import type { Parameter, SetBy, SourceRange } from '../../../model/index.js';
import type { Cause, Rule, Subject } from '../rule.js';
import { short } from '../words.js';

const keyOf = (r: SourceRange | undefined): string => `${r?.file ?? ''} ${r?.cell ?? ''} ${r?.start ?? ''}`;

/** Items by the call that they have in common. */
function byCall<T>(items: readonly T[], call: (item: T) => SourceRange | undefined): [T, ...T[]][] {
  const groups = new Map<string, [T, ...T[]]>();
  for (const item of items) {
    const key = keyOf(call(item));
    const known = groups.get(key);
    if (known) known.push(item);
    else groups.set(key, [item]);
  }
  return [...groups.values()];
}

/** `conv.weight`, or `conv.weight and 3 more`. */
function listed(parameters: readonly Parameter[]): string {
  const names = [...new Set(parameters.map((p) => p.name))];
  return names.length === 1 ? `\`${names[0]}\`` : `\`${names[0]}\` and ${names.length - 1} more`;
}

export const afterNorm: Rule = {
  code: 'IS118',
  name: 'init-after-weight-norm',
  severity: 'error',
  needsNoForward: true,
  find(s) {
    const lost = s.model.parameters.flatMap((parameter) =>
      (parameter.lost ?? []).map((write) => ({ parameter, write })),
    );
    return byCall(lost, ({ write }) => write.setBy.range).map((group): Cause => {
      const [{ parameter, write }] = group;
      const meant = write.distribution.std;
      const kept = write.by === 'weight_norm' ? parameter.distribution.std : undefined;
      const stays = meant !== undefined && kept !== undefined ? `: σ stays ${short(kept)}, not ${short(meant)}` : '';
      return {
        range: write.setBy.range,
        layer: parameter.name.replace(/\.(?:parametrizations\.)?\w+(?:\.original\d*)?$/, ''),
        message: `\`${write.setBy.what}\` has no effect here: ${write.by} computes the weight from ${listed(group.map((g) => g.parameter))} anew before each forward${stays}. Initialize first, and apply ${write.by} to the initialized layer.`,
        ...(parameter.declaredAt && {
          related: [{ message: `${write.by} is applied here`, range: parameter.declaredAt }],
        }),
      };
    });
  },
};

/** Initializations that stand out from what a pass over all modules does: zeros and ones in weights, numbers in biases. */
function isSpecial(by: SetBy, p: Parameter): boolean {
  if (by.part || by.range === undefined) return false;
  if (p.shape.length > 1) return ['zeros_', 'zero_', 'constant_', 'eye_', 'dirac_', 'orthogonal_'].includes(by.what);
  return by.what === 'constant_' && by.arguments?.['val'] !== 0 && p.name.endsWith('bias');
}

interface Overwritten {
  readonly parameter: Parameter;
  readonly before: SetBy;
}

function overwritten(s: Subject): Overwritten[] {
  return s.model.parameters.flatMap((parameter): Overwritten[] => {
    const before = parameter.setBefore?.at(-1);
    const { setBy } = parameter;
    if (!before?.range || setBy.part || keyOf(before.range) === keyOf(setBy.range)) return [];
    if (setBy.range === undefined) return setBy.what === 'default' ? [{ parameter, before }] : [];
    const isPass = setBy.walk !== undefined && keyOf(setBy.walk) !== keyOf(before.walk);
    return isPass && setBy.what !== before.what && isSpecial(before, parameter) ? [{ parameter, before }] : [];
  });
}

function causeOf(group: readonly [Overwritten, ...Overwritten[]]): Cause {
  const [{ parameter, before }] = group;
  const { setBy, distribution } = parameter;
  const now = distribution.std === undefined ? '' : ` (σ = ${short(distribution.std)} now)`;
  const later = setBy.range
    ? `a pass over all modules comes later and sets them by \`${setBy.what}\``
    : parameter.lazy === true
      ? "a lazy layer's first forward makes its parameters and draws them"
      : "the framework's own reset comes later and draws them anew";
  return {
    range: before.range,
    layer: parameter.name.replace(/\.\w+$/, ''),
    message: `What \`${before.what}\` gives ${listed(group.map((g) => g.parameter))} is lost: ${later}${now}. Set it after that.`,
    ...(setBy.range && { related: [{ message: 'written over here', range: setBy.range }] }),
  };
}

/** Loaded weights that an initialization is written over: most of a model's, not a head that is made anew. */
function afterLoading(s: Subject): Cause[] {
  const weights = s.model.parameters.filter((p) => p.shape.length > 1);
  const over = weights.filter((p) => p.setBy.loadedAt && p.setBy.walk && !p.setBy.part);
  const [first] = over;
  if (!first || over.length * 2 < weights.length) return [];
  const { setBy } = first;
  return [
    {
      range: setBy.walk,
      message: `This initializes ${over.length} of ${weights.length} weights after a checkpoint was loaded into them: what was learned is lost. Initialize first, then load.`,
      ...(setBy.loadedAt && { related: [{ message: 'loaded here', range: setBy.loadedAt }] }),
    },
  ];
}

export const initOverwritten: Rule = {
  code: 'IS117',
  name: 'init-overwritten',
  severity: 'warning',
  needsNoForward: true,
  find: (s) => [...byCall(overwritten(s), ({ before }) => before.range).map(causeOf), ...afterLoading(s)],
};
