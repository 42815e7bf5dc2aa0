import ignore from 'ignore';

/** Whether patterns as in .gitignore, relative to a folder, leave a file out. What is not below the folder stays. */
export function isExcluded(file: string, folder: string, patterns: readonly string[]): boolean {
  const base = folder.endsWith('/') ? folder : `${folder}/`;
  if (patterns.length === 0 || !file.startsWith(base) || file === base) return false;
  return ignore()
    .add([...patterns])
    .ignores(file.slice(base.length));
}
