import type { Model, SetBy } from '../model/index.js';

/** Operations that no function name stands for, and what they are called where the source doesn't show. */
const NAMELESS: Readonly<Record<string, string>> = { setitem: 'assignment', data: '.data = …' };
const LONGEST = 60;

/** Says of parameters that an assignment set what it reads like: `self.fc.weight[0] = 0`. */
export function withAssignments(model: Model, textOf: (file: string) => string | null | undefined): Model {
  const lines = new Map<string, readonly string[]>();
  const lineOf = ({ range }: SetBy): string | undefined => {
    if (range === undefined || range.cell !== undefined) return undefined;
    const all = lines.get(range.file) ?? (textOf(range.file) ?? '').split(/\r?\n/);
    lines.set(range.file, all);
    const line = (all[range.line - 1] ?? '').replace(/\s#.*$/, '').trim();
    // A condition or loop on the same line is not part of it.
    const statement = /^(?:(?:if|for|with|else|while)\b[^:]*:\s*)?(.*=.*)$/.exec(line)?.[1];
    return statement !== undefined && statement.length > LONGEST ? `${statement.slice(0, LONGEST - 1)}…` : statement;
  };
  return {
    ...model,
    parameters: model.parameters.map((p) => {
      const name = Object.hasOwn(NAMELESS, p.setBy.what) ? NAMELESS[p.setBy.what] : undefined;
      return name === undefined ? p : { ...p, setBy: { ...p.setBy, what: lineOf(p.setBy) ?? name } };
    }),
  };
}
