import type { Distribution, Model, Parameter, ParameterId } from '../model/index.js';

/** A model changed as asked, with what was left as it is; or why that can't be done to it. */
export type Altered = { readonly model: Model; readonly notes: readonly string[] } | { readonly refused: string };

/** The model with other distributions for some parameters; the same object when there are none. */
export function withDistributions(
  model: Model,
  replaced: ReadonlyMap<ParameterId, Distribution>,
  what = 'what-if',
): Model {
  if (replaced.size === 0) return model;
  const parameters = model.parameters.map((p, id): Parameter => {
    const distribution = replaced.get(id);
    return distribution === undefined ? p : { ...p, distribution, setBy: { what } };
  });
  return { ...model, parameters };
}

/** `3 layers`, `1 layer`. */
export function counted(n: number, word: string): string {
  return `${n} ${word}${n === 1 ? '' : 's'}`;
}
