import type { Model, ParameterId, ValueId } from '../../model/index.js';

/** An axis of a value or a parameter. */
export type AxisId = number;

/** Axes that must be scaled together, by union-find; what is tied to the inputs or outputs can't be scaled. */
export class AxisClasses {
  /** Stands for all axes that keep their size. */
  readonly fixed: AxisId = 0;
  private readonly parent: number[] = [0];
  private readonly firstOfValue: number[] = [];
  private readonly firstOfParameter: number[] = [];
  /** Axes that a layer with weights gives their size. */
  private readonly chosen: AxisId[] = [];

  constructor(private readonly model: Model) {
    for (const { shape } of model.graph.values) this.firstOfValue.push(this.add(shape.length));
    for (const { shape } of model.parameters) this.firstOfParameter.push(this.add(shape.length));
  }

  private add(count: number): AxisId {
    const first = this.parent.length;
    for (let i = 0; i < count; i++) this.parent.push(first + i);
    return first;
  }

  rank(v: ValueId): number {
    return this.model.graph.values[v]?.shape.length ?? 0;
  }

  size(v: ValueId, axis: number): number | string | undefined {
    return this.model.graph.values[v]?.shape.at(axis);
  }

  /** Negative axes count from the end. */
  of(v: ValueId, axis: number): AxisId {
    return this.firstOfValue[v]! + (axis < 0 ? this.rank(v) + axis : axis);
  }

  ofParameter(id: ParameterId, axis: number): AxisId {
    return this.firstOfParameter[id]! + axis;
  }

  rankOfParameter(id: ParameterId): number {
    return this.model.parameters[id]?.shape.length ?? 0;
  }

  find(a: AxisId): AxisId {
    let root = a;
    while (this.parent[root] !== root) root = this.parent[root]!;
    for (let at = a; at !== root;) {
      const next = this.parent[at]!;
      this.parent[at] = root;
      at = next;
    }
    return root;
  }

  tie(a: AxisId, b: AxisId): void {
    const [x, y] = [this.find(a), this.find(b)];
    // The fixed class stays the root.
    if (x !== y) this.parent[Math.max(x, y)] = Math.min(x, y);
  }

  fix(...axes: readonly AxisId[]): void {
    for (const a of axes) this.tie(a, this.fixed);
  }

  /** All axes of a value. */
  fixValue(v: ValueId): void {
    for (let i = 0; i < this.rank(v); i++) this.fix(this.of(v, i));
  }

  choose(a: AxisId): void {
    this.chosen.push(a);
  }

  isFree(a: AxisId): boolean {
    return this.find(a) !== this.fixed;
  }

  /** Free axes whose size some layer gives: those that a width is the name for. */
  scaled(): (a: AxisId) => boolean {
    const classes = new Set(this.chosen.map((a) => this.find(a)).filter((c) => c !== this.fixed));
    return (a) => classes.has(this.find(a));
  }

  /** Whether the axis belongs to a class that a layer gives its size, as far as is known by now. */
  isHidden(a: AxisId): boolean {
    const own = this.find(a);
    return own !== this.fixed && this.chosen.some((c) => this.find(c) === own);
  }
}
