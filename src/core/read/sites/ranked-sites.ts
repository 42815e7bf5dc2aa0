import type { SourceRange } from '../../model/index.js';
import type { Interpreter } from '../../python/interpreter/index.js';
import { FunctionValue, Unknown, type ClassValue, type ModuleValue, type Value } from '../../python/values/index.js';
import type { Site } from './find-sites.js';
import { SiteEvaluator, type SiteArguments } from './site-evaluator.js';

/** Something of the inspected file that is called somewhere, and how. */
export interface RankedSite {
  readonly target: ClassValue | FunctionValue;
  readonly text: string;
  readonly at: SourceRange;
  readonly arguments: SiteArguments;
}

type Target = RankedSite['target'];

/** Calls of one name that are looked at in one file. */
const MOST_SITES = 6;

/** Calls within the inspected file, but for those in classes, which make parts of models, and in the functions left out. */
export function sitesWithin(
  it: Interpreter,
  module: ModuleValue,
  text: string,
  targets: ReadonlyMap<string, Target>,
  without: ReadonlySet<unknown>,
): RankedSite[] {
  const evaluator = SiteEvaluator.ofInspected(it, module, text);
  const sites = evaluator
    .sites(new Set(targets.keys()))
    .filter((s) => !s.inClass && s.call.func.type === 'Name' && s.call.args.length + s.call.keywords.length > 0)
    .filter((s) => s.levels.every((l) => l.fn === undefined || !without.has(l.fn)));
  return ranked(evaluator, sites, (s) => targets.get(s.name));
}

/** Calls in another file, by whatever name that file imports the target. */
export function sitesIn(
  it: Interpreter,
  file: { readonly path: string; readonly text: string },
  targets: ReadonlyMap<string, Target>,
): RankedSite[] {
  const evaluator = SiteEvaluator.of(it, file.path, file.text);
  const byName = new Map<string, Target>();
  for (const [name, target] of targets) for (const n of [name, ...evaluator.aliases(name)]) byName.set(n, target);
  const sites = evaluator.sites(new Set(byName.keys())).sort((a, b) => Number(a.inClass) - Number(b.inClass));
  return ranked(evaluator, sites, (s) => {
    const target = byName.get(s.name);
    return target !== undefined && isMeant(evaluator, s, target) ? target : undefined;
  });
}

/** Whether a call in another file is one of the target, and not of something else by the same name. */
function isMeant(evaluator: SiteEvaluator, site: Site, target: Target): boolean {
  const callee: Value | undefined = evaluator.callee(site);
  if (callee === target) return true;
  if (!(callee === undefined || callee instanceof Unknown) || site.call.func.type !== 'Name') return false;
  // The import could not be followed: it will do when it names the file, or the package that the file is in.
  const parts = (target instanceof FunctionValue ? target.scope.module : target.module)?.file.split('/') ?? [];
  const from = evaluator.importedFrom(site.name);
  return from !== undefined && [parts.at(-1)?.replace(/\.\w+$/, ''), parts.at(-2)].includes(from);
}

function ranked(
  evaluator: SiteEvaluator,
  sites: readonly Site[],
  targetOf: (site: Site) => Target | undefined,
): RankedSite[] {
  const counts = new Map<string, number>();
  const out: RankedSite[] = [];
  for (const site of sites) {
    const seen = counts.get(site.name) ?? 0;
    counts.set(site.name, seen + 1);
    const target = seen < MOST_SITES ? targetOf(site) : undefined;
    if (target === undefined) continue;
    const given = evaluator.arguments(site);
    if (given !== undefined) out.push({ target, text: site.text, at: evaluator.rangeOf(site), arguments: given });
  }
  return out;
}

/** Fewest unknown arguments first; what comes first in the list stays first among equals. */
export function bestFirst(sites: readonly RankedSite[]): RankedSite[] {
  return [...sites].sort((a, b) => a.arguments.unknown - b.arguments.unknown);
}
