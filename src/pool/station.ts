import type { Packed, SimulateMessage, WorkerReply } from '../protocol/worker.js';
import type { StartWorker, WorkerHandle } from '../protocol/workerHandle.js';
import { messageOf } from '../protocol/messageOf.js';

/** Models that one worker keeps at a time: the present one, and what it is compared with. */
const mostModels = 3;

let numbers = 0;
const numberOf = new WeakMap<Packed, number>();

/** Models are known by their bytes' identity: who simulates one again hands the same array over. */
function modelNumber(model: Packed): number {
  const known = numberOf.get(model);
  if (known !== undefined) return known;
  numberOf.set(model, ++numbers);
  return numbers;
}

type Work = Extract<SimulateMessage, { kind: 'seed' | 'simulate' }>;

/** What a station is asked: everything but the model's number, which it gives itself. */
export type Task = Work extends infer W ? (W extends Work ? Omit<W, 'model'> : never) : never;

/** One worker, started when first needed, and what it knows. */
export class Station {
  private handle: Promise<WorkerHandle> | undefined;
  private held: number[] = [];

  constructor(
    private readonly start: StartWorker,
    private readonly onReply: (reply: WorkerReply) => void,
    /** The worker is gone, and with it what it was doing; the next task gets a new one. */
    private readonly onLost: (message: string) => void,
  ) {}

  post(model: Packed, task: Task): void {
    void this.send((handle) => {
      const number = modelNumber(model);
      if (!this.held.includes(number)) {
        handle.post({ kind: 'model', model: number, packed: model });
        this.held.push(number);
        if (this.held.length > mostModels) handle.post({ kind: 'model', model: this.held.shift() ?? 0 });
      }
      handle.post({ ...task, model: number });
    });
  }

  /** The draws of this id are all told. */
  end(id: number): void {
    if (this.handle !== undefined)
      void this.send((handle) => {
        handle.post({ kind: 'end', id });
      });
  }

  stop(): void {
    const { handle } = this;
    this.handle = undefined;
    this.held = [];
    void handle?.then(
      (h) => {
        h.terminate();
      },
      () => undefined,
    );
  }

  private async send(work: (handle: WorkerHandle) => void): Promise<void> {
    // Replies of a worker that was given up, or that has died, are nobody's any more.
    const own: Promise<WorkerHandle> = (this.handle ??= this.start({
      onReply: (reply) => {
        if (this.handle === own) this.onReply(reply);
      },
      onError: (message) => {
        if (this.handle === own) this.lose(message);
      },
    }));
    try {
      const handle = await own;
      if (this.handle === own) work(handle);
    } catch (error) {
      if (this.handle === own) this.lose(messageOf(error));
    }
  }

  private lose(message: string): void {
    this.stop();
    this.onLost(message);
  }
}
