/** A word of memory that a worker sees at once, also while it is busy; undefined where memory can't be shared. */
export function makeFlag(): SharedArrayBuffer | undefined {
  const isolated = (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated ?? true;
  return isolated && typeof SharedArrayBuffer === 'function' ? new SharedArrayBuffer(4) : undefined;
}

export function setFlag(flag: SharedArrayBuffer | undefined): void {
  if (flag !== undefined) Atomics.store(new Int32Array(flag), 0, 1);
}

/** Whether whoever asked has meanwhile said that the answer is not needed any more. */
export function isSet(flag: SharedArrayBuffer | undefined): boolean {
  return flag !== undefined && Atomics.load(new Int32Array(flag), 0) === 1;
}
