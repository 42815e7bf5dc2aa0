/**
 * Where to look for calls of a file's classes: extension and command line read the files each in its own way, but
 * agree on which and how many.
 */

/** Files whose names and places are considered, whose texts are read, and that are handed on. */
export const userLimits = { listed: 3000, folders: 200, read: 80, characters: 4_000_000, found: 8 } as const;

/** Folders that hold other people's code, or none. */
const skipped = new Set(['node_modules', 'site-packages', '__pycache__', 'venv', 'env', 'build', 'dist', 'wandb']);

export function isSkippedFolder(name: string): boolean {
  return name.startsWith('.') || skipped.has(name);
}

/** The same as a glob. */
export const skippedFolders = `**/{.*,${[...skipped].join(',')}}/**`;

export function isSourceFile(name: string): boolean {
  return /\.(py|ipynb)$/.test(name);
}

/** Likeliest first: near the file, and named as scripts are that build a model to use it. */
export function likeliestFirst(paths: readonly string[], file: string): string[] {
  const from = file.split('/').slice(0, -1);
  return paths
    .filter((path) => path !== file && isSourceFile(path))
    .map((path) => ({ path, distance: distance(path.split('/'), from) }))
    .sort((a, b) => a.distance - b.distance || (a.path < b.path ? -1 : 1))
    .map(({ path }) => path);
}

function distance(path: readonly string[], from: readonly string[]): number {
  const folder = path.slice(0, -1);
  const name = path.at(-1) ?? '';
  const differs = from.findIndex((part, i) => folder[i] !== part);
  const common = differs < 0 ? from.length : differs;
  const kind = /train|main|run|fit|experiment/i.test(name) ? -1.5 : /test|legacy|old/i.test(path.join('/')) ? 1 : 0;
  return from.length - common + (folder.length - common) + kind;
}

/** Whether a text speaks of one of the names. */
export function mentions(text: string, names: readonly string[]): boolean {
  return new RegExp(`\\b(?:${names.map((n) => n.replace(/\W/g, '\\$&')).join('|')})\\b`).test(text);
}
