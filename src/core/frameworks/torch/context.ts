import { Tracer } from './trace.js';

/** What the torch library keeps during one evaluation; made anew for each, so that nothing leaks from file to file. */
export class TorchState {
  readonly tracer = new Tracer();
  /** `torch.nn.init` and in-place calls inside `with torch.no_grad()` are just calls: nothing to keep. */
  training = true;
}

let current: TorchState | undefined;

/** The evaluation that is running (there is one at a time on a thread). */
export function torchState(): TorchState {
  if (!current) throw new Error('torch library used outside an evaluation');
  return current;
}

export function withTorchState<T>(state: TorchState, body: () => T): T {
  const before = current;
  current = state;
  try {
    return body();
  } finally {
    current = before;
  }
}
