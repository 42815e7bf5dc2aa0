import { NativeObject, type Value } from '../../../../python/values/index.js';

/** Attributes that can be read and set, and functions that answer as a CPU build does. */
export class Settings extends NativeObject {
  readonly typeName = 'module';
  constructor(private readonly values: Readonly<Record<string, Value>>) {
    super();
  }
  override getAttribute(name: string): Value | undefined {
    return Object.hasOwn(this.values, name) ? this.values[name] : undefined;
  }
  override setAttribute(): boolean {
    return true;
  }
}

/** `torch.jit.Final[int]`: an annotation, whatever it is given. */
export class Annotation extends NativeObject {
  readonly typeName = 'annotation';
  override getItem(): Value {
    return this;
  }
  override call(args: Value[]): Value {
    return args[0] ?? null;
  }
}
