import type * as ast from '../syntax/ast.js';
import {
  Dict,
  Instance,
  Journal,
  List,
  NativeObject,
  Namespace,
  PyException,
  PySet,
  recording,
  touch,
  Unknown,
  type Mutable,
  type Scope,
  type Value,
} from '../values/index.js';
import type { Interpreter } from './interpreter.js';
import { LocalScope } from './scope.js';
import { Return, type Completion } from './statements.js';

/** What came of running one side of an unknown condition. */
type Outcome<T> = { readonly value: T } | { readonly raised: PyException };

/**
 * Control flow under an unknown condition: both sides are run from the same state and their effects merged.
 * A side that raises is taken not to happen. Values that differ become Unknown, except that a side that has a module,
 * a tensor or an object wins over one that has nothing: models are read for what they build.
 */
export class Branches {
  /** Nested unknown conditions double the work; past this many only the first side runs. */
  private depth = 0;
  private static readonly MAX_DEPTH = 6;

  constructor(private readonly it: Interpreter) {}

  expression(why: Unknown, a: () => Value, b: () => Value): Value {
    const result = this.run(why, a, b);
    if (result.only !== undefined) return result.only;
    return merge(result.a, result.b, why);
  }

  statement(why: Unknown, node: ast.If, scope: Scope, a: () => Completion, b: () => Completion): Completion {
    const result = this.run<Completion>(why, a, b, (x, y) => x === undefined && y === undefined);
    if (result.chosen) return result.only;
    // A side that raises says nothing of the user's model, and the library's own checks are no news.
    if (!this.it.inLibrary)
      this.it.note(`this condition is not known (${why.reason}); both sides were followed`, this.it.rangeOf(node.test));
    const { a: x, b: y } = result;
    if (x instanceof Return && y instanceof Return) return new Return(merge(x.value, y.value, why));
    // One side left and the other goes on: go on, and remember the value for the end of the function.
    const left = x instanceof Return ? x : y instanceof Return ? y : undefined;
    if (left && scope instanceof LocalScope) (scope.earlyReturns ??= []).push(left.value);
    return undefined;
  }

  private run<T>(
    why: Unknown,
    first: () => T,
    second: () => T,
    mergeState: (a: T, b: T) => boolean = () => true,
  ): { chosen: true; only: T; a?: undefined; b?: undefined } | { chosen: false; only?: undefined; a: T; b: T } {
    if (this.depth >= Branches.MAX_DEPTH) return { chosen: true, only: first() };
    this.depth++;
    try {
      const journalA = new Journal();
      const a = this.attempt(journalA, first);
      const changedByA = [...journalA.touched];
      const afterA = new Map<Mutable, () => void>(changedByA.map((o) => [o, o.save()]));
      journalA.rollBack();
      const journalB = new Journal();
      const b = this.attempt(journalB, second);
      const changedByB = [...journalB.touched];
      if ('raised' in b) {
        journalB.rollBack();
        if ('raised' in a) throw a.raised;
        for (const [o, redo] of afterA) {
          touch(o);
          redo();
        }
        return { chosen: true, only: a.value };
      }
      // Tell the journals around us of what the first side changed as well.
      for (const o of changedByA) touch(o);
      if ('raised' in a) return { chosen: true, only: b.value };
      if (mergeState(a.value, b.value)) {
        this.mergeStates(why, new Set([...changedByA, ...changedByB]), afterA, journalB);
      } else if (leaves(b.value) && !leaves(a.value)) {
        for (const [o, redo] of afterA) {
          touch(o);
          redo();
        }
      }
      return { chosen: false, a: a.value, b: b.value };
    } finally {
      this.depth--;
    }
  }

  private attempt<T>(journal: Journal, body: () => T): Outcome<T> {
    try {
      return { value: recording(journal, body) };
    } catch (e) {
      if (e instanceof PyException) return { raised: e };
      throw e;
    }
  }

  private mergeStates(
    why: Unknown,
    objects: Iterable<Mutable>,
    afterA: ReadonlyMap<Mutable, () => void>,
    journalB: Journal,
  ): void {
    for (const o of objects) {
      const afterB = o.save();
      const contentB = contentOf(o);
      const toA = afterA.get(o);
      if (toA) toA();
      else journalB.restore(o);
      const contentA = contentOf(o);
      const restA = o instanceof List || o instanceof Dict || o instanceof PySet ? o.rest : undefined;
      afterB();
      if (restA && (o instanceof List || o instanceof Dict || o instanceof PySet)) o.rest ??= restA;
      if (contentA && contentB) mergeInto(o, contentA, contentB, why);
      else if (toA && !journalB.has(o)) toA();
    }
  }
}

function leaves(c: unknown): boolean {
  return c !== undefined;
}

type Content = ReadonlyMap<string, Value> | readonly (readonly [Value, Value])[] | readonly Value[];

function contentOf(o: Mutable): Content | undefined {
  if (o instanceof Namespace) return new Map(o.entries());
  if (o instanceof Dict) return o.pairs();
  if (o instanceof List) return o.items.slice();
  return undefined;
}

function mergeInto(o: Mutable, a: Content, b: Content, why: Unknown): void {
  if (o instanceof Namespace) {
    const [x, y] = [a as ReadonlyMap<string, Value>, b as ReadonlyMap<string, Value>];
    for (const key of new Set([...x.keys(), ...y.keys()])) {
      const [va, vb] = [x.get(key), y.get(key)];
      o.set(key, va === undefined ? (vb as Value) : vb === undefined ? va : merge(va, vb, why, key));
    }
  } else if (o instanceof Dict) {
    const other = Dict.from(a as readonly (readonly [Value, Value])[]);
    for (const [k, va] of other.pairs()) {
      const vb = o.get(k);
      o.set(k, vb === undefined ? va : merge(va, vb, why, typeof k === 'string' ? k : undefined));
    }
  } else if (o instanceof List) {
    const [x, y] = [a as readonly Value[], b as readonly Value[]];
    o.change();
    // Of two lists of different length the longer one built more.
    o.items =
      x.length === y.length ? x.map((v, i) => merge(v, y[i] as Value, why)) : [...(x.length > y.length ? x : y)];
  }
}

/** One value for two that differ by an unknown condition. */
export function merge(a: Value, b: Value, why: Unknown, name?: string): Value {
  if (a === b) return a;
  if (a instanceof Unknown) return weight(b) > 0 ? b : a;
  if (b instanceof Unknown) return weight(a) > 0 ? a : b;
  const [wa, wb] = [weight(a), weight(b)];
  if (wa !== wb) return wa > wb ? a : b;
  if (wa > 0) return a;
  return new Unknown(`it depends on a condition that is not known: ${why.reason}`, why.range, name ?? '?');
}

/** How much a value says about a model: tensors and modules over other objects over plain values. */
function weight(v: Value): number {
  if (v instanceof NativeObject) return 2;
  if (v instanceof Instance) return 2;
  return 0;
}
