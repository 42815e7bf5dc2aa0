import type { Worker, WorkerOptions } from 'node:worker_threads';
import { dissolve, type Helpers, type Invitation } from '../core/propagation/kernels/index.js';

/** What a Node worker is told when it starts: the script of threads that may help it. */
export interface NodeWorkerData {
  readonly helper: string;
}

/** Megabytes: a helper keeps nothing but the arguments of what it is at. */
const resourceLimits = { maxYoungGenerationSizeMb: 1, maxOldGenerationSizeMb: 32, stackSizeMb: 1 };

/**
 * Threads for `Helpers`, started when they are first invited, by the number wanted. They keep no process alive, and end
 * with their parent.
 * @param start of node:worker_threads, which a bundle for browsers as well cannot import
 */
export function nodeHelpers(
  start: (script: string, options: WorkerOptions) => Worker,
  script: string,
): (count: number) => Helpers {
  const workers = new Map<number, Worker>();
  const helper = (place: number): Worker => {
    const known = workers.get(place);
    if (known !== undefined) return known;
    const worker = start(script, { resourceLimits });
    workers.set(place, worker);
    worker.unref();
    // Whoever it was to help does all the work then; the next one is asked in its place.
    worker.on('error', () => workers.delete(place));
    return worker;
  };
  let board: SharedArrayBuffer | undefined;
  const invite = (invitations: readonly Invitation[]): void => {
    // They listen only once they have left what they were at.
    if (board !== undefined) dissolve(board);
    board = invitations[0]?.board;
    invitations.forEach((invitation, place) => {
      helper(place).postMessage(invitation);
    });
  };
  return (count) => ({ count, invite });
}
