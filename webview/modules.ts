import type { Row } from './rows.js';

/** A module over the steps that run in it without interruption. */
export interface Group {
  /** `layer1.0`; unique but where forward comes back to a module. */
  readonly path: string;
  /** What its band is called: the path below the group around it. */
  readonly label: string;
  /** 0: outermost. */
  readonly depth: number;
  /** Rows [first, last). */
  readonly first: number;
  readonly last: number;
}

/** Stage, block, layer: deeper modules are read off the names. */
export const GROUP_LEVELS = 3;
/** So many rows are readable side by side. */
const READABLE = 90;

/** The modules around the rows, outer before inner; a module that holds the same rows as the one around it is one with it. */
export function groupsOf(rows: readonly Row[]): Group[] {
  const paths = rows.map(({ layer }) => modulesOf(layer.name));
  const groups: Group[] = [];
  const visit = (first: number, last: number, level: number, depth: number, above: string): void => {
    for (let start = first; start < last;) {
      const path = paths[start]?.[level];
      let end = start + 1;
      while (end < last && path !== undefined && paths[end]?.[level] === path) end++;
      if (path === undefined || end - start < 2) {
        start = end;
        continue;
      }
      const isSame = end - start === last - first && level > 0;
      if (isSame && groups.length > 0) {
        const outer = groups.at(-1);
        if (outer?.first === start && outer.last === end) {
          groups[groups.length - 1] = { ...outer, path, label: below(path, outer.path, outer.label) };
          visit(start, end, level + 1, depth, path);
          start = end;
          continue;
        }
      }
      if (depth < GROUP_LEVELS) {
        groups.push({
          path,
          label: above === '' ? path : path.slice(above.length + 1),
          depth,
          first: start,
          last: end,
        });
        visit(start, end, level + 1, depth + 1, path);
      }
      start = end;
    }
  };
  visit(0, rows.length, 0, 0, '');
  return groups;
}

function below(path: string, outer: string, label: string): string {
  return `${label}${path.slice(outer.length)}`;
}

/** `layer1.0/relu` → [`layer1`, `layer1.0`]; `layer1.0.conv1` the same. */
function modulesOf(name: string): string[] {
  const slash = name.lastIndexOf('/');
  const parts = (slash >= 0 ? name.slice(0, slash) : name).split('.');
  const inner = slash >= 0 ? parts : parts.slice(0, -1);
  return inner.filter((part) => part !== '').map((_, i) => inner.slice(0, i + 1).join('.'));
}

/** Which modules are folded: as the user wants it; for others, as many inner ones as it takes to be readable. */
export function foldedPaths(
  rows: readonly Row[],
  groups: readonly Group[],
  wanted: Readonly<Record<string, boolean>>,
): ReadonlySet<string> {
  for (let level = GROUP_LEVELS; level >= 0; level--) {
    const folded = new Set(groups.filter((g) => wanted[g.path] ?? g.depth >= level).map((g) => g.path));
    if (level === 0 || visibleRows(rows, groups, folded).length <= READABLE) return folded;
    // Folding outer modules too would leave nothing to see.
    const outer = new Set(groups.filter((g) => wanted[g.path] ?? g.depth >= level - 1).map((g) => g.path));
    if (visibleRows(rows, groups, outer).length < 3) return folded;
  }
  return new Set();
}

/** The rows with each outermost folded module as one of them. */
export function visibleRows(rows: readonly Row[], groups: readonly Group[], folded: ReadonlySet<string>): Row[] {
  const starts = new Map<number, Group>();
  for (const group of groups) {
    if (!folded.has(group.path)) continue;
    const known = starts.get(group.first);
    if (known === undefined || group.last > known.last) starts.set(group.first, group);
  }
  const out: Row[] = [];
  for (let i = 0; i < rows.length;) {
    const group = starts.get(i);
    const row = rows[group === undefined ? i : group.last - 1];
    if (row === undefined) break;
    if (group === undefined) out.push(row);
    else {
      const layers = rows.slice(group.first, group.last).map(({ index }) => index);
      out.push({ ...row, id: `${group.path}/`, label: group.path, folded: { path: group.path, layers } });
    }
    i = group?.last ?? i + 1;
  }
  return out;
}

/** Bands over the visible rows: where each module that is still to be seen begins and ends among them. */
export interface Band extends Group {
  readonly isFolded: boolean;
}

export function bandsOf(rows: readonly Row[], groups: readonly Group[], folded: ReadonlySet<string>): Band[] {
  const visible = visibleRows(rows, groups, folded);
  const at = new Map<number, number>();
  visible.forEach((row, i) => {
    for (const index of row.folded?.layers ?? [row.index]) at.set(index, i);
  });
  let hiddenUntil = -1;
  return groups.flatMap((group): Band[] => {
    if (group.first < hiddenUntil) return [];
    const isFolded = folded.has(group.path);
    if (isFolded) hiddenUntil = group.last;
    const first = at.get(rows[group.first]?.index ?? -1);
    const last = at.get(rows[group.last - 1]?.index ?? -1);
    return first === undefined || last === undefined ? [] : [{ ...group, first, last: last + 1, isFolded }];
  });
}
