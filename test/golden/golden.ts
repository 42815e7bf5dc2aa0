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

/** No file but the one inspected. */
const nothingElse: Workspace = { read: () => null, roots: [] };

export function inspectAlone({ name, text }: Source): Inspection {
  return inspect({ file: name, text }, nothingElse);
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
