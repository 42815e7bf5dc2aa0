/**
 * Undo log for the heap. When a condition is unknown the evaluator runs one branch, takes the state back, runs the
 * other and merges; every mutable object therefore says so before it changes.
 */
export interface Mutable {
  /** Copies the state; the returned function puts it back. */
  save(): () => void;
}

export class Journal {
  private readonly saved = new Map<Mutable, () => void>();

  touch(object: Mutable): void {
    if (!this.saved.has(object)) this.saved.set(object, object.save());
  }

  /** Objects changed since the journal was opened. */
  get touched(): IterableIterator<Mutable> {
    return this.saved.keys();
  }

  has(object: Mutable): boolean {
    return this.saved.has(object);
  }

  /** Puts one object back. */
  restore(object: Mutable): void {
    this.saved.get(object)?.();
  }

  /** Puts every touched object back to where it was when the journal was opened. */
  rollBack(): void {
    for (const restore of this.saved.values()) restore();
  }
}

let open: Journal[] = [];

/** To be called before `object` changes. */
export function touch(object: Mutable): void {
  for (const journal of open) journal.touch(object);
}

/** Runs `body` with no journal open: what it does stays done (modules are imported once, whichever side asked first). */
export function unrecorded<T>(body: () => T): T {
  const before = open;
  open = [];
  try {
    return body();
  } finally {
    open = before;
  }
}

/** Runs `body` with a journal open; nested journals each see the change. */
export function recording<T>(journal: Journal, body: () => T): T {
  const before = open;
  open = [...open, journal];
  try {
    return body();
  } finally {
    open = before;
  }
}
