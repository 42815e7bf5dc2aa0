/** One state, replaced as a whole; whoever shows a part of it is told when that part is another. */
export class Store<S extends object> {
  private readonly listeners: (() => void)[] = [];

  constructor(private state: S) {}

  get value(): S {
    return this.state;
  }

  update(change: Partial<S>): void {
    const before = this.state;
    this.state = { ...before, ...change };
    if (Object.keys(change).every((key) => Object.is(before[key as keyof S], this.state[key as keyof S]))) return;
    for (const listener of this.listeners) listener();
  }

  /** Calls `show` with the part that `pick` takes: now, and whenever one of its items changes. */
  watch<T extends [unknown, ...unknown[]]>(pick: (state: S) => T, show: (...part: T) => void): void {
    let last = pick(this.state);
    this.listeners.push(() => {
      const next = pick(this.state);
      if (next.every((item, i) => Object.is(item, last[i]))) return;
      last = next;
      show(...next);
    });
    show(...last);
  }
}
