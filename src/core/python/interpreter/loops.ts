import {
  Dict,
  Float,
  Journal,
  List,
  Namespace,
  PyException,
  PySet,
  recording,
  touch,
  Tuple,
  Unknown,
  type Mutable,
  type Scope,
  type Value,
} from '../values/index.js';
import type { Interpreter } from './interpreter.js';

/**
 * What a loop that runs an unknown number of times leaves behind. Its body is run once against a journal to learn what
 * it changes and taken back; containers that it fills then have an unknown rest, and plain values that it changes are
 * unknown. Modules, tensors and objects stay as they were before the loop: models are read for what they build.
 */
export function markLoop(it: Interpreter, why: Unknown, scope: Scope, body: () => unknown): void {
  // The loops of layers written for InitScope run over arguments, and keep what they were given.
  if (it.inLibrary) return;
  if (probing) {
    body();
    return;
  }
  const place = it.here;
  const marks = probe(it, body, new Unknown(reasonOf(why), place, why.symbol), scope);
  for (const mark of marks) mark();
}

/** A body is being tried: loops in it run theirs once, and the loop around them marks what changed. */
let probing = false;

function reasonOf(why: Unknown): string {
  return `a loop that runs an unknown number of times changes it (${why.reason})`;
}

function probe(it: Interpreter, body: () => unknown, why: Unknown, scope: Scope): (() => void)[] {
  const journal = new Journal();
  const kept = it.notes.list.length;
  const after = new Map<Mutable, Content>();
  try {
    probing = true;
    recording(journal, body);
  } catch (e) {
    // What the body did before it failed on a value that isn't known still counts.
    if (!(e instanceof PyException)) throw e;
  } finally {
    probing = false;
    it.notes.take(kept);
    for (const o of journal.touched) after.set(o, contentOf(o));
    journal.rollBack();
  }
  return [...after].flatMap(([o, content]) => marksOf(o, content, why, scope));
}

type Content = ReadonlyMap<string, Value> | number | undefined;

function contentOf(o: Mutable): Content {
  if (o instanceof Namespace) return new Map(o.entries());
  if (o instanceof List) return o.rest ? Infinity : o.items.length;
  if (o instanceof Dict || o instanceof PySet) return o.rest ? Infinity : o.size;
  return undefined;
}

function marksOf(o: Mutable, after: Content, why: Unknown, scope: Scope): (() => void)[] {
  if (o instanceof List || o instanceof Dict || o instanceof PySet) {
    if (contentOf(o) === after) return [];
    const rest = why.as(nameOf(o, scope));
    return [
      () => {
        touch(o);
        o.rest ??= rest;
      },
    ];
  }
  if (!(o instanceof Namespace) || !(after instanceof Map)) return [];
  const marks: (() => void)[] = [];
  for (const [name, value] of after as ReadonlyMap<string, Value>) {
    const before = o.get(name);
    if (before === undefined || before === value || !isPlain(before)) continue;
    marks.push(() => {
      o.set(name, why.as(name));
    });
  }
  return marks;
}

function isPlain(v: Value): boolean {
  return v === null || typeof v !== 'object' || v instanceof Float || v instanceof Tuple;
}

/** What the loop's scope calls a container. */
function nameOf(container: Value, scope: Scope): string {
  for (let s: Scope | null = scope; s; s = s.parent)
    for (const [name, value] of s.names.entries()) if (value === container) return name;
  return '?';
}
