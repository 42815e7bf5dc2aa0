import relaxed from '../../../wasm/kernels.relaxed.wasm';
import plain from '../../../wasm/kernels.wasm';
import sharedRelaxed from '../../../wasm/kernels.shared.relaxed.wasm';
import sharedPlain from '../../../wasm/kernels.shared.wasm';

import { api, type Module } from './instances.js';

const modules = new Map<Uint8Array, Module | undefined>();

function compiled(bytes: Uint8Array): Module | undefined {
  if (!modules.has(bytes)) modules.set(bytes, api?.validate(bytes) ? new api.Module(bytes) : undefined);
  return modules.get(bytes);
}

/** Undefined where the engine has no SIMD, or cannot share memory where that was asked for. */
export function moduleOf({ fused, shared }: { readonly fused: boolean; readonly shared: boolean }): Module | undefined {
  const [fast, exact] = shared ? [sharedRelaxed, sharedPlain] : [relaxed, plain];
  return (fused ? compiled(fast) : undefined) ?? compiled(exact);
}
