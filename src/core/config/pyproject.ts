import { parse, TomlError } from 'smol-toml';
import { checkValues, type Checked } from './check-values.js';

/** Paths of the files that may configure a source file, nearest first. */
export function pyprojectsOf(file: string): string[] {
  const folders = file.split('/').slice(0, -1);
  return folders.map((_, i) => [...folders.slice(0, folders.length - i), 'pyproject.toml'].join('/'));
}

/**
 * What the table `[tool.initscope]` of a pyproject.toml says; `undefined` where there is none, so that one further up
 * counts. Keys are written in kebab case, as is usual there.
 */
export function readPyproject(text: string): Checked | undefined {
  // Most projects configure other tools only.
  if (!/\binitscope\b/.test(text)) return undefined;
  let document: unknown;
  try {
    document = parse(text);
  } catch (error) {
    const line = error instanceof TomlError ? `line ${error.line}: ` : '';
    const message = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    return { part: {}, problems: [`${line}${message}`] };
  }
  const table = entry(entry(document, 'tool'), 'initscope');
  if (table === undefined) return undefined;
  if (!isTable(table)) return { part: {}, problems: ['tool.initscope: is not a table'] };
  const { thresholds } = table;
  return checkValues(
    { ...camelCase(table), ...(isTable(thresholds) && { thresholds: camelCase(thresholds) }) },
    (...path) => path.map((key) => (/^IS\d/.test(key) ? key : kebabCase(key))).join('.'),
  );
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function entry(value: unknown, key: string): unknown {
  return isTable(value) ? value[key] : undefined;
}

function camelCase(table: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(table).map(([key, value]) => [
      key.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );
}

function kebabCase(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
