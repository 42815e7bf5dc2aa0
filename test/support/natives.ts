import { TorchState, withTorchState } from '../../src/core/frameworks/torch/context.js';
import { makeConstant } from '../../src/core/frameworks/torch/ops/kit/make.js';
import type { Table } from '../../src/core/frameworks/torch/ops/kit/define.js';
import { Storage, Tensor, type DType, type Size } from '../../src/core/frameworks/torch/tensor.js';
import type { Distribution, GraphNode } from '../../src/core/model/index.js';
import { Float, List, NativeFunction, Tuple, type Unknown, type Value } from '../../src/core/python/values/index.js';
import { runPython } from './python.js';

/** Calls functions of the torch library without Python code round them. */
export class Natives {
  readonly rt = runPython('').it;
  private readonly state = new TorchState(
    () => false,
    // No class is looked up: nothing here runs Python.
    {} as ConstructorParameters<typeof TorchState>[1],
  );

  run<T>(body: () => T): T {
    return withTorchState(this.state, body);
  }

  call(
    table: Table | Record<string, Value>,
    name: string,
    args: unknown[],
    kwargs: Readonly<Record<string, unknown>> = {},
  ): Value {
    const f = (table as Record<string, Value>)[name];
    if (!(f instanceof NativeFunction)) throw new Error(`no function ${name}`);
    const named = new Map(Object.entries(kwargs).map(([k, v]) => [k, python(v)] as const));
    return this.run(() => f.call(this.rt, args.map(python), named));
  }

  /** A parameter as `nn.Parameter(torch.empty(shape))` makes it. */
  parameter(...shape: Size[]): Tensor {
    const rows = typeof shape[0] === 'number' ? shape[0] : 0;
    const t = new Tensor(shape, 'float', new Storage({ kind: 'uninitialized' }, { what: 'empty' }, rows));
    t.role = 'parameter';
    return t;
  }

  /** A tensor of known entries. */
  tensor(shape: readonly number[], data: readonly number[], dtype: DType = 'float'): Tensor {
    return this.run(() =>
      makeConstant(this.rt, 'tensor', shape, dtype, { data, distribution: { kind: 'unknown', reason: 'given' } }),
    );
  }

  random(shape: readonly number[], distribution: Distribution): Tensor {
    return this.run(() => makeConstant(this.rt, 'rand', shape, 'float', { distribution }));
  }

  /** Runs `body` as a forward with one input of the given shape, and gives the nodes that it left. */
  trace(shape: Tensor['shape'], body: (x: Tensor) => Value): { result: Value; nodes: readonly GraphNode[] } {
    return this.run(() => {
      this.state.beginTrace();
      const { tracer } = this.state;
      const x = tracer.input(new Tensor(shape, 'float', null), 'x');
      tracer.active = true;
      try {
        return { result: body(x), nodes: tracer.nodes.slice(1) };
      } finally {
        tracer.active = false;
      }
    });
  }

  unknown(symbol: string): Unknown {
    return this.rt.unknown('a setting that is read from a file', symbol);
  }
}

/** JSON to Python: whole numbers become ints; `{ float: 1 }` makes a float of one. */
function python(v: unknown): Value {
  if (typeof v === 'number') return Number.isInteger(v) ? v : new Float(v);
  if (Array.isArray(v)) return new Tuple(v.map(python));
  if (v !== null && typeof v === 'object' && 'float' in v) return new Float(Number(v.float));
  if (v !== null && typeof v === 'object' && 'list' in v) return new List((v.list as unknown[]).map(python));
  return v as Value;
}
