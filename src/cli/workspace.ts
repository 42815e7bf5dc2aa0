import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Workspace } from '../core/inspect.js';
import { findUsers } from './users.js';

const maxBytes = 2 * 1024 * 1024;

/** Forward slashes, as everywhere inside the core. */
export function toSlashes(file: string): string {
  return path.sep === '\\' ? file.replaceAll('\\', '/') : file;
}

/** Text of a file, `null` where there is none, it is a folder, over 2 MB or not text. */
export function readText(file: string): string | null {
  try {
    const { size } = statSync(file);
    if (size > maxBytes) return null;
    const text = readFileSync(file, 'utf8');
    return text.includes('\0') ? null : text.replace(/^\uFEFF/, '');
  } catch {
    return null;
  }
}

export function diskWorkspace(file: string, extraRoots: readonly string[]): Workspace {
  const cache = new Map<string, string | null>();
  const roots = importRoots(file, extraRoots);
  const read = (name: string): string | null => {
    const known = cache.get(name);
    if (known !== undefined) return known;
    const text = readText(name);
    cache.set(name, text);
    return text;
  };
  return { roots, read, users: (names) => findUsers(toSlashes(path.resolve(file)), roots, names, read) };
}

/** Nearest first: the file's package root, its own folder, the given roots or the working directory, and `src` folders beside those. */
function importRoots(file: string, extraRoots: readonly string[]): string[] {
  const folder = path.dirname(path.resolve(file));
  const bases = [
    packageRoot(folder),
    folder,
    ...(extraRoots.length > 0 ? extraRoots : ['.']).map((r) => path.resolve(r)),
  ];
  const roots = bases.flatMap((base) => [
    base,
    ...(existsSync(path.join(base, 'src')) ? [path.join(base, 'src')] : []),
  ]);
  return [...new Set(roots.map(toSlashes))];
}

/** The nearest folder at or above this one that isn't a package itself. */
function packageRoot(folder: string): string {
  let root = folder;
  while (existsSync(path.join(root, '__init__.py')) && path.dirname(root) !== root) root = path.dirname(root);
  return root;
}
