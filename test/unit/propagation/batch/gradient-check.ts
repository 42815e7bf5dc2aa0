import { expect } from 'vitest';
import type { Operation, ValueId } from '../../../../src/core/model/index.js';
import { normal } from '../../../../src/core/initializers/index.js';
import { planRun } from '../../../../src/core/propagation/batch/plan.js';
import { Run } from '../../../../src/core/propagation/batch/run.js';
import { GraphBuilder } from '../builder.js';
import { doubleKernels } from './doubles.js';

/** Builds graphs whose operands are all parameters, so that each has a gradient that can be checked. */
export class CheckedGraph extends GraphBuilder {
  training = true;
  private readonly given = new Map<number, Float64Array>();
  private state = 1;

  /** A pseudo-random number from N(0,1): the same in every run of the tests. */
  random(): number {
    let sum = 0;
    for (let i = 0; i < 12; i++) {
      this.state = (this.state * 48271) % 2147483647;
      sum += this.state / 2147483647;
    }
    return sum - 6;
  }

  /** A tensor with drawn entries, changed by `map`. */
  operand(shape: number[], map: (v: number) => number = (v) => v): ValueId {
    const id = this.drawn(shape, map);
    return this.node({ kind: 'parameter', parameter: id }, [], shape);
  }

  drawn(shape: number[], map: (v: number) => number = (v) => v): number {
    const id = this.parameter(shape, normal(0, 1));
    this.given.set(
      id,
      Float64Array.from({ length: size(shape) }, () => map(this.random())),
    );
    return id;
  }

  constant(shape: number[], entries: number[]): ValueId {
    return this.node({ kind: 'constant', distribution: normal(0, 1), entries }, [], shape);
  }

  apply(operation: Operation, inputs: ValueId[], shape: number[]): ValueId {
    return this.node(operation, inputs, shape);
  }

  private compute(outputs: readonly ValueId[], parameters: ReadonlyMap<number, Float64Array>) {
    const loss = new Map(
      outputs.map((v, k) => {
        const n = size(this.values[v]!.shape as number[]);
        return [v, Float64Array.from({ length: n }, (_, i) => CheckedGraph.loss(k, i))];
      }),
    );
    const values = new Map<ValueId, Float64Array>();
    const gradients = new Map<number, Float64Array>();
    const graph = { values: this.values, nodes: this.nodes, inputs: this.inputs, outputs };
    const result = new Run(
      planRun(graph, [], { from: 'all' }),
      this.parameters,
      doubleKernels(),
      { seed: 7, training: this.training, room: 1e9, given: { parameters, gradients: loss } },
      {
        forward: (v, t) => values.set(v, Float64Array.from(t.data)),
        gradient: (id, g) => gradients.set(id, Float64Array.from(g.data)),
      },
    ).run();
    let total = 0;
    for (const [v, r] of loss) total += r.reduce((s, w, i) => s + w * values.get(v)![i]!, 0);
    return { total, gradients, result, values };
  }

  /** The loss's gradient at entry i of the k-th output. */
  static loss(k: number, i: number): number {
    return Math.sin(1.7 * i + k + 1);
  }

  /** By parameter: the squared norm of its gradient. */
  squares(...outputs: ValueId[]): ReadonlyMap<number, number> {
    return this.compute(outputs, this.given).result.squares;
  }

  /** The values of the outputs. */
  forward(...outputs: ValueId[]): Float64Array[] {
    const { values } = this.compute(outputs, this.given);
    return outputs.map((v) => values.get(v)!);
  }

  /** Compares every parameter's gradient with finite differences along two random directions. */
  check(...outputs: ValueId[]): void {
    const { gradients, result } = this.compute(outputs, this.given);
    expect([...result.unknown.values()]).toEqual([]);
    for (const [id, entries] of this.given) {
      const g = gradients.get(id);
      for (let round = 0; round < 2; round++) {
        const direction = entries.map(() => this.random());
        const step = 1e-5;
        const moved = (sign: number): number =>
          this.compute(outputs, new Map([...this.given, [id, entries.map((v, i) => v + sign * step * direction[i]!)]]))
            .total;
        const numeric = (moved(1) - moved(-1)) / (2 * step);
        const own = g === undefined ? 0 : direction.reduce((s, d, i) => s + d * g[i]!, 0);
        const scale = Math.max(1e-3, Math.abs(numeric), Math.sqrt(direction.length) * 1e-2);
        expect(
          Math.abs(own - numeric) / scale,
          `parameter ${String(id)}: ${String(own)} for ${String(numeric)}`,
        ).toBeLessThan(1e-5);
      }
    }
  }
}

export function size(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}
