import { builtinClasses } from '../../python/library/index.js';
import {
  ClassValue,
  native,
  NativeFunction,
  NativeObject,
  type Runtime,
  type Value,
} from '../../python/values/index.js';

/** `torch.device`. Nothing runs, so all tensors are said to be on the CPU. */
export class DeviceValue extends NativeObject {
  readonly typeName = 'device';
  constructor(
    readonly kind: string,
    readonly index: number | null,
  ) {
    super();
  }
  override getAttribute(name: string): Value | undefined {
    if (name === 'type') return this.kind;
    if (name === 'index') return this.index;
    // `with torch.device('meta'):` makes no difference here.
    if (name === '__enter__') return native('__enter__', '', () => this, { isStatic: true });
    if (name === '__exit__') return native('__exit__', '*args', () => null, { isStatic: true });
    return undefined;
  }
  override binary(op: string, other: Value): Value | undefined {
    if (op !== '==' && op !== '!=') return undefined;
    const same = other instanceof DeviceValue && other.kind === this.kind && other.index === this.index;
    return same === (op === '==');
  }
  override classOf(): ClassValue {
    return deviceClass;
  }
  override repr(_runtime: Runtime): string {
    return this.index === null ? `device(type='${this.kind}')` : `device(type='${this.kind}', index=${this.index})`;
  }
}

export const cpu = new DeviceValue('cpu', null);

const make = native('device', 'cls, type=None, index=None', ({ type, index }) => {
  if (type instanceof DeviceValue) return type;
  if (typeof type === 'number') return new DeviceValue('cuda', type);
  if (typeof type !== 'string') return cpu;
  const [kind = 'cpu', at] = type.split(':');
  return new DeviceValue(kind, at !== undefined ? Number(at) : typeof index === 'number' ? index : null);
});

/** `torch.device`: called it makes one, and isinstance knows it. */
export const deviceClass = new ClassValue(
  'device',
  [builtinClasses.object],
  builtinClasses.object.mro,
  null,
  undefined,
);
deviceClass.names.set('__new__', new NativeFunction('__new__', make.call, true));
deviceClass.names.set('__init__', new NativeFunction('__init__', () => null));
