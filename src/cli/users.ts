import path from 'node:path';
import { likeliestFirst, mentions, userLimits } from '../protocol/users.js';
import { sourcesIn } from './folders.js';

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
    const found = sourcesIn(folder);
    queue.push(...found.folders);
    files.push(...found.files);
  }
  return files;
}
