import { readdirSync } from 'node:fs';
import path from 'node:path';
import { isSkippedFolder, isSourceFile } from '../protocol/users.js';

/** Python files and notebooks below a folder, by name; not in environments, caches and hidden folders. */
export function sourcesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const full = path.posix.join(folder, entry.name);
    if (entry.isDirectory()) return isSkippedFolder(entry.name) ? [] : sourcesBelow(full);
    return entry.isFile() && isSourceFile(entry.name) ? [full] : [];
  });
}
