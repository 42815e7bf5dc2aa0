import { Dict, type Namespace, type Value } from '../values/index.js';

/** `obj.__dict__`, `vars(obj)` and `globals()`: a dict that reads and writes the namespace itself. */
export class NamespaceDict extends Dict {
  constructor(
    private readonly namespace: Namespace,
    /** Names that come to be when they are asked for (lazy library modules). */
    private readonly lazy?: (name: string) => Value | undefined,
  ) {
    super();
  }
  override get size(): number {
    return this.namespace.size;
  }
  override get(key: Value): Value | undefined {
    if (typeof key !== 'string') return undefined;
    const own = this.namespace.get(key);
    return own !== undefined ? own : this.lazy?.(key);
  }
  override has(key: Value): boolean {
    return typeof key === 'string' && this.namespace.has(key);
  }
  override set(key: Value, value: Value): void {
    if (typeof key === 'string') this.namespace.set(key, value);
  }
  override delete(key: Value): boolean {
    return typeof key === 'string' && this.namespace.delete(key);
  }
  override clear(): void {
    for (const k of [...this.namespace.keys()]) this.namespace.delete(k);
  }
  override keys(): Value[] {
    return [...this.namespace.keys()];
  }
  override values(): Value[] {
    return [...this.namespace.entries()].map((e) => e[1]);
  }
  override pairs(): [Value, Value][] {
    return [...this.namespace.entries()];
  }
  override save(): () => void {
    return this.namespace.save();
  }
}
