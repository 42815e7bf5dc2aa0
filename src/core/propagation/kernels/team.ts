import { instanceOf, type Address, type Exports, type Memory, type Module } from './instances.js';
import { MOST_ARGUMENTS, tasks, type Task } from './tasks.js';

/** What another thread needs to take part in the work of some kernels; a host sends it as it is. */
export interface Invitation {
  readonly module: Module;
  readonly memory: Memory;
  /** Where that thread may work on copies. */
  readonly scratch: Address;
  readonly board: SharedArrayBuffer;
}

/** Other threads that may help, and how they are asked to. They come when they are ready: nobody waits for them. */
export interface Helpers {
  readonly count: number;
  /** Tells each of them, who leave whatever they were invited to before. */
  invite(invitations: readonly Invitation[]): void;
}

/** Words of the board. */
const CLAIM = 0;
const DONE = 1;
const ASLEEP = 2;
const TASK = 3;
const COUNT = 4;
const NEVER = 5;
const ENDED = 6;
const WORDS = 8;

/** Looks at the board before a helper lies down: some 100 µs, longer than most work between two calls that are shared. */
const LOOKS = 10_000;
/** How long a helper sleeps at most: somebody may have ended its work just before. */
const NAP_MILLISECONDS = 500;
/** Looks for the last parts before the leader, too, makes room for whoever makes them, and how long it waits at most. */
const LEADER_LOOKS = 10_000;
const LONGEST_MILLISECONDS = 30_000;

class Board {
  readonly words: Int32Array;
  readonly args: Float64Array;

  constructor(readonly buffer: SharedArrayBuffer) {
    this.words = new Int32Array(buffer, 0, WORDS);
    this.args = new Float64Array(buffer, 4 * WORDS, MOST_ARGUMENTS);
  }

  static make(): Board {
    return new Board(new SharedArrayBuffer(4 * WORDS + 8 * MOST_ARGUMENTS));
  }

  /**
   * The next part of the present task, of the own side (0: even ones) as long as there are any; undefined when all are
   * taken. A claim is a task's turn, its parts, and how many of either side are taken.
   */
  claim(side: 0 | 1): number | undefined {
    for (;;) {
      const word = Atomics.load(this.words, CLAIM);
      const parts = (word >> 14) & 0xff;
      const even = word & 0x7f;
      const odd = (word >> 7) & 0x7f;
      const hasEven = 2 * even < parts;
      const hasOdd = 2 * odd + 1 < parts;
      if (!hasEven && !hasOdd) return undefined;
      const takesOdd = hasOdd && (side === 1 || !hasEven);
      // Whoever gets it knows that the task cannot end before he has done his part: what the board says holds.
      if (Atomics.compareExchange(this.words, CLAIM, word, word + (takesOdd ? 0x80 : 1)) === word)
        return takesOdd ? 2 * odd + 1 : 2 * even;
    }
  }
}

/** The thread that shares its kernels' work with helpers. */
export class Team {
  private readonly board = Board.make();
  private turn = 0;

  /** `patience`: milliseconds that a part may take. */
  constructor(
    private readonly exports: Exports,
    private readonly patience = LONGEST_MILLISECONDS,
  ) {}

  /** `scratch`: one area a helper. */
  invite(helpers: Helpers, module: Module, memory: Memory, scratch: readonly Address[]): void {
    const board = this.board.buffer;
    helpers.invite(scratch.map((area) => ({ module, memory, scratch: area, board })));
  }

  /** Makes all parts, together with whoever is there. Throws when somebody took a part and never came back. */
  run<Args extends readonly number[]>(task: Task<Args>, parts: number, ...args: Args): void {
    const { exports, board } = this;
    const { words } = board;
    words[TASK] = tasks.indexOf(task);
    words[COUNT] = args.length;
    board.args.set(args);
    Atomics.store(words, DONE, 0);
    this.turn = (this.turn + 1) & 0x1ff;
    Atomics.store(words, CLAIM, (this.turn << 22) | (parts << 14));
    if (Atomics.load(words, ASLEEP) > 0) Atomics.notify(words, CLAIM);
    let done = 0;
    for (let part = board.claim(0); part !== undefined; part = board.claim(0)) {
      task(exports, part, ...args);
      done++;
    }
    if (Atomics.add(words, DONE, done) + done < parts) this.wait(parts);
  }

  private wait(parts: number): void {
    const { words } = this.board;
    for (let i = 0; i < LEADER_LOOKS; i++) if (Atomics.load(words, DONE) === parts) return;
    for (let waited = 0; waited < this.patience; waited += 0.1) {
      Atomics.wait(words, NEVER, 0, 0.1);
      if (Atomics.load(words, DONE) === parts) return;
    }
    throw new Error('a thread that was to help has not answered');
  }
}

/** Takes part in a team's work until the team is dissolved. For a thread that has nothing else to do: it never yields. */
export function assist({ module, memory, scratch, board: buffer }: Invitation): void {
  const exports = instanceOf(module, memory);
  exports.setScratch(scratch);
  const board = new Board(buffer);
  const { words } = board;
  // Nothing is left of a task that was seen so.
  let seen = 0;
  for (let looks = 0; ; looks++) {
    const word = Atomics.load(words, CLAIM);
    if (Atomics.load(words, ENDED) !== 0) return;
    if (word !== seen) {
      const part = board.claim(1);
      if (part !== undefined) {
        const task = tasks[words[TASK]!] as Task<number[]>;
        task(exports, part, ...board.args.subarray(0, words[COUNT]));
        Atomics.add(words, DONE, 1);
        looks = 0;
      } else seen = word;
    } else if (looks > LOOKS) {
      Atomics.add(words, ASLEEP, 1);
      Atomics.wait(words, CLAIM, word, NAP_MILLISECONDS);
      Atomics.sub(words, ASLEEP, 1);
      looks = 0;
    }
  }
}

/** Sends the helpers of a board away, for good: whoever still works there is alone. */
export function dissolve(buffer: SharedArrayBuffer): void {
  const { words } = new Board(buffer);
  Atomics.store(words, ENDED, 1);
  Atomics.notify(words, CLAIM);
}
