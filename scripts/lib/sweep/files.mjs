// Which files a sweep reads, and where their imports start.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** Larger files are not opened by editors as Python either; the host's own limit. */
const LARGEST = 2 * 2 ** 20;

/** Every .py and .ipynb file below some places, with the place each was found under. */
export function collectFiles(places) {
  const out = [];
  for (const place of places) collect(place, place, out);
  return out;
}

function collect(place, top, out) {
  const s = statSync(place, { throwIfNoEntry: false });
  if (!s) return;
  if (s.isFile()) {
    // A file with a zero byte is no text: Git LFS aside, nothing that Python would run.
    if (/\.(py|ipynb)$/.test(place) && s.size <= LARGEST && !readFileSync(place).includes(0))
      out.push({ file: place, ...placeOf(place, top) });
    return;
  }
  if (!s.isDirectory()) return;
  for (const name of readdirSync(place).sort())
    if (!name.startsWith('.') && name !== 'node_modules') collect(path.join(place, name), top, out);
}

/** A folder of repositories holds folders only. */
function isRepository(top) {
  return (
    !statSync(top).isDirectory() ||
    readdirSync(top).some((n) => /^(readme|licen[cs]e|setup\.|\.git$)|\.(py|ipynb)$/i.test(n))
  );
}

/** The repository a file belongs to, and the folders that its imports may start from. */
function placeOf(file, top) {
  const folder = path.dirname(file);
  let root = folder;
  while (existsSync(path.join(root, '__init__.py')) && path.dirname(root) !== root) root = path.dirname(root);
  const repository = isRepository(top) ? top : path.join(top, path.relative(top, file).split(path.sep)[0] ?? '');
  return { repository, roots: [...new Set([root, folder, repository, path.join(repository, 'src')])] };
}
