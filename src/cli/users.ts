import { readdirSync } from 'node:fs';
import path from 'node:path';
import { isSkippedFolder, isSourceFile, likeliestFirst, mentions, userLimits } from '../protocol/users.js';

/** Files near `file`, up to the outermost of the folders, that speak of one of the names. */
export function findUsers(
  file: string,
  folders: readonly string[],
  names: readonly string[],
  read: (file: string) => string | null,
): string[] {
  const users: string[] = [];
  let characters = 0;
  for (const candidate of likeliestFirst(listSources(file, folders), file).slice(0, userLimits.read)) {
    if (users.length >= userLimits.found || characters > userLimits.characters) break;
    const text = read(candidate);
    characters += text?.length ?? 0;
    if (text !== null && mentions(text, names)) users.push(candidate);
  }
  return users;
}

/** Breadth first from the file's own folder, then from the folders above it. */
function listSources(file: string, folders: readonly string[]): string[] {
  const own = path.posix.dirname(file);
  const above = folders.filter((f) => f !== own && own.startsWith(f === '/' ? f : `${f}/`));
  const queue = [own, ...above.sort((a, b) => b.length - a.length)];
  const visited = new Set<string>();
  const files: string[] = [];
  for (const folder of queue) {
    if (visited.has(folder)) continue;
    visited.add(folder);
    if (visited.size > userLimits.folders || files.length > userLimits.listed) break;
    for (const entry of entriesOf(folder)) {
      const full = path.posix.join(folder, entry.name);
      if (entry.isDirectory() && !isSkippedFolder(entry.name)) queue.push(full);
      else if (entry.isFile() && isSourceFile(entry.name)) files.push(full);
    }
  }
  return files;
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
