/** What a `# initscope:` comment asks for. */
export interface Directive {
  /** Expression that builds the model. */
  readonly entry?: string;
  /** Shapes given to forward. */
  readonly input?: readonly (readonly number[])[];
  /** Python statements to run before the entry. */
  readonly setup?: string;
  /** Offsets of the comment, for edits. */
  readonly start: number;
  readonly end: number;
}

const COMMENT = /^[ \t]*#[ \t]*initscope:[ \t]*(.*)$/gm;
const KEY = /(?:^|\s)(entry|input|setup)=/g;

/**
 * Finds the directives of a file: `# initscope: entry=Net(784, 10) input=32,784`. A value reaches to the next key or
 * the end of the line, so that expressions may hold blanks. Comments that only suppress findings are none.
 */
export function findDirectives(text: string): Directive[] {
  const out: Directive[] = [];
  for (const m of text.matchAll(COMMENT)) {
    const body = m[1] ?? '';
    const keys = [...body.matchAll(KEY)];
    if (keys.length === 0) continue;
    const values = new Map<string, string>();
    for (const [i, k] of keys.entries())
      values.set(k[1] ?? '', body.slice(k.index + k[0].length, keys[i + 1]?.index ?? body.length).trim());
    const input = values.get('input');
    const shapes = input === undefined ? undefined : parseShapes(input);
    const entry = values.get('entry');
    const setup = values.get('setup');
    out.push({
      ...(entry === undefined || entry === '' ? {} : { entry }),
      ...(shapes === undefined ? {} : { input: shapes }),
      ...(setup === undefined || setup === '' ? {} : { setup }),
      start: m.index,
      end: m.index + m[0].length,
    });
  }
  return out;
}

/** `1,3,224,224`, or several separated by `;`. Brackets and blanks are let through. `undefined` when it is no shape. */
export function parseShapes(text: string): (readonly number[])[] | undefined {
  const shapes = text
    .replace(/[[\]()]/g, '')
    .split(';')
    .map((s) =>
      s
        .split(',')
        .map((d) => d.trim())
        .filter((d) => d !== ''),
    );
  if (shapes.some((s) => s.some((d) => !/^\d+$/.test(d)))) return undefined;
  return shapes.map((s) => s.map(Number));
}
