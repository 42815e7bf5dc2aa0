import * as v from 'valibot';

/** Data from outside: checked, or what is wrong with it. */
export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

/** What listens to messages from the other side of a border: one that does not fit is told, and nothing else happens. */
export function listener<M>(
  check: (message: unknown) => Parsed<M>,
  handle: (message: M) => void,
  ignored: (problem: string) => void,
): (message: unknown) => void {
  return (message) => {
    const parsed = check(message);
    if (parsed.ok) handle(parsed.value);
    else ignored(parsed.problem);
  };
}

export function parse<S extends v.GenericSchema>(schema: S, message: unknown): Parsed<v.InferOutput<S>> {
  const result = v.safeParse(schema, message, { abortEarly: true });
  if (result.success) return { ok: true, value: result.output };
  const [issue] = result.issues;
  return { ok: false, problem: `${v.getDotPath(issue) ?? 'message'}: ${issue.message}` };
}
