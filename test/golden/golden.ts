import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { inspect, type Inspection, type Workspace } from '../../src/core/inspect.js';

/** Golden tests compare with a file beside the source; `UPDATE_GOLDEN=1 npx vitest run test/golden` writes it anew. */
const updating = process.env['UPDATE_GOLDEN'] === '1';

export interface Source {
  readonly name: string;
  readonly file: string;
  readonly text: string;
}

/** The model files of a folder beside this one. */
export function sourcesIn(folder: string): Source[] {
  const place = fileURLToPath(new URL(folder, import.meta.url));
  return readdirSync(place)
    .filter((name) => /\.(py|ipynb)$/.test(name))
    .sort()
    .map((name) => {
      const file = path.join(place, name);
      return { name, file, text: readText(file) };
    });
}

/** Inspects a source in a workspace that holds nothing but it and the files of the folder beside it: `net.py`, `net.files/`. */
export function inspectSource(source: Source): Inspection {
  const { name, text } = source;
  const beside = filesBeside(source);
  const workspace: Workspace = {
    read: (path) => beside.get(path) ?? null,
    roots: [''],
    users: () => [...beside.keys()],
  };
  // A clock that stands still: on a busy machine, models would be cut short.
  return inspect({ file: name, text, now: () => 0 }, workspace);
}

/** The files of the folder beside a source, by their names. */
export function filesBeside(source: Source): ReadonlyMap<string, string> {
  const folder = goldenFile(source, '.files');
  const names = existsSync(folder) ? readdirSync(folder).sort() : [];
  return new Map(names.map((name) => [name, readText(path.join(folder, name))]));
}

/** The golden file of a source: `lenet.py` → `lenet.txt`. */
export function goldenFile({ file }: Source, ending: string): string {
  return file.replace(/\.\w+$/, ending);
}

export function readGolden(file: string): string | undefined {
  return existsSync(file) ? readText(file) : undefined;
}

/** Compares with the whole file, or writes it when updating. */
export function expectGolden(file: string, actual: string): void {
  if (updating) writeFileSync(file, actual);
  else expect(readGolden(file) ?? `${path.basename(file)} is missing: run with UPDATE_GOLDEN=1`).toBe(actual);
}

/** Checkouts may have Windows line ends; offsets and golden texts count on `\n`. */
function readText(file: string): string {
  return readFileSync(file, 'utf8').replaceAll('\r\n', '\n');
}
