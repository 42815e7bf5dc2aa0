import type { ParameterId } from '../../model/index.js';
import type { Maps } from './draw/maps.js';
import type { Plan } from './plan.js';
import type { Memory } from './tensor/memory.js';
import type { Tensor } from './tensor/tensor.js';

/** aᵀb of a (rows×m) and b (rows×n), the gradient of a weight of shape m×n. */
export interface Product {
  readonly a: Tensor;
  readonly b: Tensor;
  readonly rows: number;
  readonly shape: readonly number[];
}

/** A gradient that is zero but for these rows. */
export interface Rows {
  /** Ascending, each once. */
  readonly indices: ArrayLike<number>;
  readonly values: Tensor;
  /** Of the whole parameter. */
  readonly shape: readonly number[];
}

/**
 * The parameters' gradients while their uses are gone through; of each only the squared norm is kept in the end. A product
 * stays two factors, and rows that were looked up stay rows, while that takes less: the gradient of a language model's
 * embedding, tied to its head or not, is never formed.
 */
export class Gradients {
  private readonly sums = new Map<ParameterId, Tensor>();
  /** At most one for each parameter. */
  private readonly products = new Map<ParameterId, Product>();
  private readonly rows = new Map<ParameterId, Rows>();
  /** By parameter: Σ (∂L/∂w)². */
  readonly squares = new Map<ParameterId, number>();

  constructor(
    private readonly memory: Memory,
    private readonly maps: Maps,
    private readonly plan: Pick<Plan, 'uses' | 'lookups'>,
    /** Called with a whole gradient before it is given up. */
    private readonly observe?: (id: ParameterId, gradient: Tensor) => void,
  ) {}

  /** One use's part; the tensor is handed over. */
  give(id: ParameterId, gradient: Tensor): void {
    const sum = this.sums.get(id);
    if (sum === undefined) {
      this.sums.set(id, gradient);
      return;
    }
    this.memory.kernels.addScaled(sum.data, gradient.data, 1);
    this.memory.release(gradient);
  }

  /** The factors are lent. */
  giveProduct(id: ParameterId, product: Product): void {
    const { a, b, rows, shape } = product;
    const [m, n] = [a.data.length / rows, b.data.length / rows];
    const lookups = this.plan.lookups.get(id) ?? 0;
    const isOnly = (this.plan.uses.get(id) ?? 0) - lookups === 1;
    if (this.observe === undefined && isOnly && rows * (m + n) < m * n) {
      if (lookups > 0)
        this.products.set(id, { ...product, a: this.memory.hold(product.a), b: this.memory.hold(product.b) });
      else this.squares.set(id, this.squaredNorm(product));
      return;
    }
    const sum = this.sums.get(id);
    const c = sum ?? this.memory.make(shape);
    const beta = sum === undefined ? 0 : 1;
    this.memory.kernels.multiply({ a: a.data, b: b.data, c: c.data, m, n, k: rows, transposeA: true, beta });
    this.sums.set(id, c);
  }

  /** The tensor is handed over. */
  giveRows(id: ParameterId, rows: Rows): void {
    const before = this.rows.get(id);
    if (before === undefined) {
      this.rows.set(id, rows);
      return;
    }
    const indices = [...new Set([...Array.from(before.indices), ...Array.from(rows.indices)])].sort((p, q) => p - q);
    const places = new Map(indices.map((row, i) => [row, i]));
    const values = this.memory.make([indices.length, ...rows.values.shape.slice(1)]);
    for (const part of [before, rows]) this.addRows(values, part, (row) => places.get(row)!);
    this.rows.set(id, { indices, values, shape: rows.shape });
  }

  /** All uses are done. */
  finish(id: ParameterId): void {
    const mapped = this.maps.finish(id);
    if (mapped !== undefined) this.squares.set(id, mapped);
    const [sum, product, rows] = [this.whole(id), this.products.get(id), this.rows.get(id)];
    for (const kept of [this.sums, this.products, this.rows]) kept.delete(id);
    if (sum !== undefined) {
      this.observe?.(id, sum);
      this.squares.set(id, this.memory.kernels.sums(sum.data).squares);
      this.memory.release(sum);
    } else if (product !== undefined || rows !== undefined) {
      let squares = 0;
      if (product !== undefined) squares += this.squaredNorm(product);
      if (rows !== undefined) squares += this.memory.kernels.sums(rows.values.data).squares;
      if (product !== undefined && rows !== undefined) squares += 2 * this.overlap(product, rows);
      this.squares.set(id, Math.max(0, squares));
      this.memory.release(product?.a, product?.b, rows?.values);
    }
  }

  finishAll(): void {
    for (const kept of [this.sums, this.products, this.rows]) for (const id of [...kept.keys()]) this.finish(id);
  }

  /** The gradient itself, where it is there, or wanted, anyway. */
  private whole(id: ParameterId): Tensor | undefined {
    const sum = this.sums.get(id);
    const rows = this.rows.get(id);
    if (rows === undefined || (sum === undefined && this.observe === undefined)) return sum;
    const out = sum ?? this.memory.make(rows.shape);
    this.addRows(out, rows, (row) => row);
    this.rows.delete(id);
    return out;
  }

  /** Adds rows to those of `to` that `placeOf` names, and gives them up. */
  private addRows(to: Tensor, { indices, values }: Rows, placeOf: (row: number) => number): void {
    const width = values.data.length / indices.length;
    for (let i = 0; i < indices.length; i++) {
      const at = placeOf(indices[i]!) * width;
      for (let j = 0; j < width; j++) to.data[at + j] = to.data[at + j]! + values.data[i * width + j]!;
    }
    this.memory.release(values);
  }

  /** ‖aᵀb‖² = Σ (aaᵀ)∘(bbᵀ), from the Gram matrices of the rows. */
  private squaredNorm({ a, b, rows }: Product): number {
    const [first, second] = [this.scalarProducts(a, a, rows, rows), this.scalarProducts(b, b, rows, rows)];
    let sum = 0;
    for (let i = 0; i < first.data.length; i++) sum += first.data[i]! * second.data[i]!;
    this.memory.release(first, second);
    return sum;
  }

  /** ⟨aᵀb, E⟩, E zero but for some rows r: Σ a[t,r]·⟨b_t, E_r⟩. */
  private overlap({ a, b, rows }: Product, { indices, values }: Rows): number {
    const width = a.data.length / rows;
    const along = this.scalarProducts(b, values, rows, indices.length);
    let sum = 0;
    for (let t = 0; t < rows; t++)
      for (let i = 0; i < indices.length; i++)
        sum += a.data[t * width + indices[i]!]! * along.data[t * indices.length + i]!;
    this.memory.release(along);
    return sum;
  }

  /** Products of all rows of one with all rows of the other. */
  private scalarProducts(x: Tensor, y: Tensor, m: number, n: number): Tensor {
    const out = this.memory.make([m, n]);
    const k = x.data.length / m;
    this.memory.kernels.multiply({ a: x.data, b: y.data, c: out.data, m, n, k, transposeB: true });
    return out;
  }
}
