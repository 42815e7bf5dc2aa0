/** A Python source of the library. `file` names it; one that several modules list runs once. */
export interface LibraryFile {
  readonly file: string;
  readonly source: string;
}

/** Files of each module that is written in Python, by dotted name. */
export type LibraryGroups = Readonly<Record<string, readonly LibraryFile[]>>;

/** Picks files of a folder by their names. */
export function library<N extends string>(
  folder: string,
  sources: Readonly<Record<N, string>>,
): (...names: readonly N[]) => readonly LibraryFile[] {
  const files = new Map<N, LibraryFile>();
  return (...names) =>
    names.map((name) => {
      let file = files.get(name);
      if (!file) files.set(name, (file = { file: `${folder}/${name}.py`, source: sources[name] }));
      return file;
    });
}
