import type { FailedEntry } from '../inspect.js';
import type { Model } from '../model/index.js';
import type { Interpreter } from '../python/interpreter/index.js';
import { Stopped, type ModuleValue } from '../python/values/index.js';
import type { Directive } from './directive.js';
import { directiveCandidates, findEntries, siteCandidates, type Entries, type EntryCandidate } from './entries.js';
import type { Built, EntryReader } from './entry-reader.js';
import { bestFirst, sitesIn, type RankedSite } from './sites/ranked-sites.js';
import type { WorkspaceView } from './workspace-view.js';

/** Models of one file beyond this many are not built: they are nearly always variants of the same. */
const MOST_MODELS = 16;
/** Shares of the time limit after which only classes not built yet are still looked at, and after which nothing more is. */
const VARIANTS_UNTIL = 0.48;
const NOTHING_AFTER = 0.8;
/** Steps that building and tracing one model may take when nobody asked for it by name. */
const ENTRY_STEPS = 1_500_000;
/** Share of the time limit that calls in other files are looked at. */
const ELSEWHERE_FOR = 0.48;

interface World {
  readonly it: Interpreter;
  readonly module: ModuleValue;
  readonly text: string;
  readonly directives: readonly Directive[];
  readonly workspace: WorkspaceView;
}

export interface AllModels {
  readonly models: readonly Model[];
  readonly failed: readonly FailedEntry[];
  /** Names whose calls in other files should be looked for. */
  readonly seeks: readonly string[];
}

interface BuiltModel {
  readonly model: Model;
  readonly from: EntryCandidate['from'];
}

/** Builds every root model: one per class (its best candidate that works, the directive's before all) and one per factory; parts of other models are left out. */
export function buildAll(reader: EntryReader, world: World): AllModels {
  const entries = findEntries(world.it, world.module, world.text);
  const round = new Round(reader, world.it);
  round.build([...directiveCandidates(world.directives, entries.classes), ...entries.candidates]);
  const wanting = round.wanting(entries);
  let seeks: readonly string[] = [];
  try {
    if (wanting.size > 0) seeks = round.buildFromElsewhere(wanting, entries, world);
  } catch (e) {
    // Time ran out in another file: what this one gives stands.
    if (!(e instanceof Stopped) || e.cause === 'cancelled') throw e;
  }
  return { ...round.result(), seeks };
}

class Round {
  private readonly done = new Set<string>();
  private readonly parts = new Set<string>();
  /** Directives that ask for what can't be built. */
  private readonly refused: Extract<Built, { failed: FailedEntry }>[] = [];
  private readonly failures = new Map<string, Extract<Built, { failed: FailedEntry }>>();
  private built: BuiltModel[] = [];

  constructor(
    private readonly reader: EntryReader,
    private readonly it: Interpreter,
  ) {}

  build(candidates: readonly EntryCandidate[]): void {
    const start = this.it.budget.now();
    const limit = this.it.limits.milliseconds;
    const skipped: string[] = [];
    for (const c of candidates) {
      const spent = this.it.budget.now() - start;
      if (
        this.built.length >= MOST_MODELS ||
        spent > NOTHING_AFTER * limit ||
        (spent > VARIANTS_UNTIL * limit && c.from === 'factory')
      ) {
        if (c.from !== 'symbolic' && !this.done.has(c.className)) skipped.push(c.entry);
        continue;
      }
      if (
        c.from !== 'directive' &&
        c.className !== '' &&
        (this.done.has(c.className) || ((c.from === 'symbolic' || c.from === 'partial') && this.parts.has(c.className)))
      )
        continue;
      const result = this.it.budget.withSteps(ENTRY_STEPS, () => this.reader.build(c));
      if ('failed' in result) {
        if (c.from === 'directive') {
          this.refused.push(result);
          this.done.add(c.className);
        } else if (c.className !== '' && !this.failures.has(c.className)) this.failures.set(c.className, result);
        continue;
      }
      this.add(c, result);
    }
    if (skipped.length > 0) {
      const more = skipped.length > 6 ? ` and ${String(skipped.length - 6)} more` : '';
      this.it.note(
        `not built: ${skipped.slice(0, 6).join(', ')}${more}; name the one to see with "# initscope: entry=…"`,
      );
    }
  }

  private add({ from }: EntryCandidate, { model, parts }: Extract<Built, { model: Model }>): void {
    if (
      from !== 'factory' ||
      !this.built.some((b) => b.model.className === model.className && sameParameters(b.model, model))
    )
      this.built.push({ model, from });
    this.done.add(model.className);
    for (const p of parts) this.parts.add(p);
  }

  /** Classes that are no part of another model and lack arguments, with what else may tell of them: names and targets. */
  wanting({ classes, factories }: Entries): Map<string, RankedSite['target']> {
    const lacking = [
      ...this.built.filter((b) => b.from === 'symbolic' || b.from === 'partial').map((b) => b.model.className),
      ...[...this.failures.keys()].filter((name) => !this.done.has(name)),
    ].filter((name) => !this.parts.has(name));
    const found = lacking.flatMap((name) => {
      const c = classes.get(name);
      return c === undefined ? [] : ([[name, c]] as const);
    });
    return new Map<string, RankedSite['target']>(found.length === 0 ? [] : [...found, ...factories]);
  }

  /** Looks for calls in other files of the workspace; returns the names for which no search has been made yet. */
  buildFromElsewhere(
    wanting: ReadonlyMap<string, RankedSite['target']>,
    { classes }: Entries,
    { workspace, it }: World,
  ): readonly string[] {
    const names = [...wanting.keys()];
    const files = workspace.users(names);
    if (files === undefined) return names;
    const sites: RankedSite[] = [];
    const start = it.budget.now();
    for (const path of files) {
      const text = workspace.read(path);
      if (typeof text === 'string') workspace.at(path, () => sites.push(...sitesIn(it, { path, text }, wanting)));
      const complete = [...classes.keys()].every(
        (name) => !wanting.has(name) || sites.some((s) => s.target === wanting.get(name) && s.arguments.unknown === 0),
      );
      if (complete || it.budget.now() - start > ELSEWHERE_FOR * it.limits.milliseconds) break;
    }
    const best = bestFirst(sites);
    for (const target of wanting.values())
      for (const candidate of siteCandidates(best, target, 'elsewhere')) if (this.replace(candidate)) break;
    return [];
  }

  /** Builds a candidate in the place of what was built with less known. */
  private replace(candidate: EntryCandidate): boolean {
    const result = this.it.budget.withSteps(ENTRY_STEPS, () => this.reader.build(candidate));
    if ('failed' in result) return false;
    const { className } = result.model;
    const index = this.built.findIndex((b) => b.model.className === className);
    const old = this.built[index];
    // A model whose arguments the file itself gives, or one that another file has given already, stays.
    if (old !== undefined && old.from !== 'symbolic' && old.from !== 'partial') return true;
    if (old === undefined) this.add(candidate, result);
    else this.built[index] = { model: result.model, from: candidate.from };
    for (const p of result.parts) this.parts.add(p);
    return true;
  }

  result(): Omit<AllModels, 'seeks'> {
    const all = this.built;
    const models = all
      .filter(
        (b) =>
          b.from === 'instance' ||
          b.from === 'directive' ||
          !this.parts.has(b.model.className) ||
          all.every((x) => this.parts.has(x.model.className)),
      )
      .map((b) => b.model);
    const failures = [...this.failures].filter(([name]) => !this.done.has(name) && !this.parts.has(name));
    const failed = [...this.refused, ...failures.map(([, f]) => f)];
    for (const { notes } of failed) this.it.notes.list.push(...notes);
    return { models, failed: failed.map((f) => f.failed) };
  }
}

function sameParameters(a: Model, b: Model): boolean {
  return (
    a.parameters.length === b.parameters.length &&
    a.parameters.every((p, i) => `${p.name} ${String(p.shape)}` === parameterKey(b, i))
  );
}

function parameterKey(m: Model, i: number): string {
  const p = m.parameters[i];
  return p ? `${p.name} ${String(p.shape)}` : '';
}
