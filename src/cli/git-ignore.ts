import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ignore, { type Ignore } from 'ignore';

/** What the .gitignore files of a repository leave out, the nearest one deciding, as git does. */
export class GitIgnore {
  /** By folder; `null` where there is no such file. */
  private readonly matchers = new Map<string, Ignore | null>();
  private readonly roots = new Map<string, string>();

  /** @param file absolute, with forward slashes; whether a folder above it is ignored is for the walk to know */
  isIgnored(file: string, isFolder: boolean): boolean {
    const root = this.rootOf(path.posix.dirname(file));
    for (let folder = path.posix.dirname(file); ; folder = path.posix.dirname(folder)) {
      const relative = file.slice(folder === '/' ? 1 : folder.length + 1) + (isFolder ? '/' : '');
      const { ignored, unignored } = this.matcherOf(folder)?.test(relative) ?? { ignored: false, unignored: false };
      if (ignored || unignored) return ignored;
      if (folder === root) return false;
    }
  }

  private matcherOf(folder: string): Ignore | null {
    const known = this.matchers.get(folder);
    if (known !== undefined) return known;
    const file = path.posix.join(folder, '.gitignore');
    const matcher = existsSync(file) ? ignore({ ignorecase: false }).add(readFileSync(file, 'utf8')) : null;
    this.matchers.set(folder, matcher);
    return matcher;
  }

  /** The nearest folder at or above this one that holds `.git`; the topmost where there is none. */
  private rootOf(folder: string): string {
    const known = this.roots.get(folder);
    if (known !== undefined) return known;
    const above = path.posix.dirname(folder);
    const root = above === folder || existsSync(path.posix.join(folder, '.git')) ? folder : this.rootOf(above);
    this.roots.set(folder, root);
    return root;
  }
}
