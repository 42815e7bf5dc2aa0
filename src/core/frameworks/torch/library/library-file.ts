import type { PackedModule } from '../../../python/syntax/index.js';

/** A Python source of the library. `file` names it; one that several modules list runs once. */
export interface LibraryFile {
  readonly file: string;
  readonly module: PackedModule;
}

/** Files of each module that is written in Python, by dotted name. */
export type LibraryGroups = Readonly<Record<string, readonly LibraryFile[]>>;

/** Picks files of a folder by their names. */
export function library<N extends string>(
  folder: string,
  sources: Readonly<Record<N, PackedModule>>,
): (...names: readonly N[]) => readonly LibraryFile[] {
  const files = new Map<N, LibraryFile>();
  return (...names) =>
    names.map((name) => {
      let file = files.get(name);
      if (!file) files.set(name, (file = { file: `${folder}/${name}.py`, module: sources[name] }));
      return file;
    });
}
