import { statSync } from 'node:fs';
import path from 'node:path';
import ignore from 'ignore';
import { sourcesBelow } from './folders.js';
import { GitIgnore } from './git-ignore.js';
import type { Projects } from './project.js';
import { toSlashes } from './workspace.js';

/** Paths that are neither files that can be read nor folders, and patterns that match nothing. */
export class NoSuchPath extends Error {}

/**
 * The files that paths, folders and globs stand for, each once. What .gitignore leaves out is skipped below folders;
 * what the project excludes always, so that tools that name each file (pre-commit) skip it too.
 */
export function selectFiles(given: readonly string[], projects: Projects): string[] {
  const git = new GitIgnore();
  const isIgnored = (file: string, isFolder: boolean): boolean =>
    git.isIgnored(toSlashes(path.resolve(file)), isFolder);
  const files = given.flatMap((name): string[] => {
    const stats = statSync(name, { throwIfNoEntry: false });
    if (stats?.isDirectory() === true) return sourcesBelow(toSlashes(name), isIgnored);
    if (stats !== undefined) return [toSlashes(name)];
    const matched = /[*?[]/.test(name) ? matching(toSlashes(name), isIgnored) : [];
    if (matched.length === 0) throw new NoSuchPath(`no file or folder '${name}'`);
    return matched;
  });
  return [...new Set(files)].filter((file) => !projects.isExcluded(file));
}

/** For shells that leave globs to the program: `src/**\/models/*.py`. */
function matching(pattern: string, isIgnored: (file: string, isFolder: boolean) => boolean): string[] {
  const parts = pattern.split('/');
  const fixed = parts.findIndex((part) => /[*?[]/.test(part));
  const folder = parts.slice(0, fixed).join('/') || (pattern.startsWith('/') ? '/' : '.');
  const matcher = ignore({ ignorecase: false }).add(`/${parts.slice(fixed).join('/')}`);
  return sourcesBelow(folder, isIgnored).filter((file) => matcher.ignores(path.posix.relative(folder, file)));
}
