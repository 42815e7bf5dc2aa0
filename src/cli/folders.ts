import { readdirSync } from 'node:fs';
import path from 'node:path';
import { isSkippedFolder, isSourceFile } from '../protocol/users.js';

/** What a folder holds for us, by name; environments, caches and hidden folders are left out. Empty where it can't be read. */
export function sourcesIn(folder: string): { readonly files: readonly string[]; readonly folders: readonly string[] } {
  let entries;
  try {
    entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return { files: [], folders: [] };
  }
  const full = ({ name }: { readonly name: string }): string => path.posix.join(folder, name);
  return {
    files: entries.filter((e) => e.isFile() && isSourceFile(e.name)).map(full),
    folders: entries.filter((e) => e.isDirectory() && !isSkippedFolder(e.name)).map(full),
  };
}

/** Python files and notebooks below a folder, each folder's own files first. */
export function sourcesBelow(folder: string, isIgnored: (path: string, isFolder: boolean) => boolean): string[] {
  const { files, folders } = sourcesIn(folder);
  return [
    ...files.filter((file) => !isIgnored(file, false)),
    ...folders.filter((inner) => !isIgnored(inner, true)).flatMap((inner) => sourcesBelow(inner, isIgnored)),
  ];
}
