/** What a `# initscope:` comment says. */
export interface DirectiveParts {
  /** Expression that builds the model. */
  readonly entry?: string;
  /** Shapes given to forward. */
  readonly input?: readonly (readonly number[])[];
  /** Python statements to run before the entry. */
  readonly setup?: string;
}

export interface Directive extends DirectiveParts {
  /** Offsets of the comment, for edits. */
  readonly start: number;
  readonly end: number;
}

type Key = 'entry' | 'input' | 'setup';

const COMMENT = /^[ \t]*#[ \t]*initscope:[ \t]*(.*?)\r?$/gm;

/**
 * Finds the directives of a file: `# initscope: entry=Net(784, 10) input=32,784`. A value reaches to the next key that
 * stands outside brackets, or the end of the line, so that expressions may hold blanks and keywords of any name.
 * Comments that only suppress findings are none.
 */
export function findDirectives(text: string): Directive[] {
  const out: Directive[] = [];
  for (const m of text.matchAll(COMMENT)) {
    const values = valuesIn(m[1] ?? '');
    if (values.size === 0) continue;
    const input = values.get('input');
    const shapes = input === undefined ? undefined : parseShapes(input);
    const entry = values.get('entry');
    const setup = values.get('setup');
    out.push({
      ...(entry === undefined || entry === '' ? {} : { entry }),
      ...(shapes === undefined ? {} : { input: shapes }),
      ...(setup === undefined || setup === '' ? {} : { setup }),
      start: m.index,
      end: m.index + m[0].replace(/\r$/, '').length,
    });
  }
  return out;
}

function valuesIn(body: string): Map<Key, string> {
  const keys = [...body.matchAll(/(?<=^|\s)(entry|input|setup)=(?!=)/g)].filter((m) => isOutside(body, m.index));
  return new Map(
    keys.map((k, i) => [k[1] as Key, body.slice(k.index + k[0].length, keys[i + 1]?.index ?? body.length).trim()]),
  );
}

/** Whether a place stands in no bracket and no string. */
function isOutside(text: string, place: number): boolean {
  const before = text.slice(0, place).replace(/'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"/g, '');
  return (before.match(/[([{]/g)?.length ?? 0) <= (before.match(/[)\]}]/g)?.length ?? 0);
}

/** The comment for what it should say. */
export function formatDirective({ entry, input, setup }: DirectiveParts): string {
  const parts = [
    entry === undefined ? '' : ` entry=${entry}`,
    input === undefined ? '' : ` input=${formatShapes(input)}`,
    setup === undefined ? '' : ` setup=${setup}`,
  ];
  return `# initscope:${parts.join('')}`;
}

/** `1,3,224,224`, or several separated by `;`. */
export function formatShapes(shapes: readonly (readonly number[])[]): string {
  return shapes.map((s) => s.join(',')).join(';');
}

/** The same back. Brackets and blanks are let through. `undefined` when it is no shape. */
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

/** Name of what an expression calls: `Net` of `models.Net(3)`. */
export function calledBy(entry: string): string | undefined {
  return /^(?:\w+\.)*(\w+)\s*\(/.exec(entry)?.[1];
}
