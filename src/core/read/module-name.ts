/** Dotted name of a file relative to the workspace. */
export function moduleName(file: string): string {
  return file
    .replace(/\.(py|ipynb)$/, '')
    .replace(/\/__init__$/, '')
    .replace(/^[./]+/, '')
    .split('/')
    .join('.');
}
