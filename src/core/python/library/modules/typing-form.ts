import { native } from '../../values/native.js';
import type { Runtime } from '../../values/runtime.js';
import { ClassValue, ELLIPSIS, NativeObject, Tuple, Unknown, type Value } from '../../values/index.js';
import { qualified } from '../format/repr.js';
import { objectClass } from '../types/object.js';
import { noneClass } from '../types/functions.js';
import { builtinClass } from '../support/classes.js';

const formClass = builtinClass('_SpecialForm', [objectClass], 'typing');

/**
 * A name of `typing` or a type with its parameters (`Optional[int]`, `List[str]`, `Callable`). Annotations are
 * carried, never checked; where a form stands for a class (`List`, `Dict`) it acts as that class.
 */
export class TypingForm extends NativeObject {
  readonly typeName = '_SpecialForm';
  constructor(
    readonly name: string,
    readonly origin: ClassValue | null,
    readonly args: readonly Value[] | null = null,
  ) {
    super();
  }

  override getItem(index: Value): Value {
    const args = index instanceof Tuple ? index.items : [index];
    if (this.name === 'Optional') return new TypingForm('Union', null, [...args, noneClass]);
    return new TypingForm(this.name, this.origin, args);
  }
  override call(args: Value[], kwargs: ReadonlyMap<string, Value> | undefined, runtime: Runtime): Value {
    if (this.origin) return runtime.call(this.origin, args, kwargs);
    return runtime.unknown(`${this.name} of typing is not called`, `${this.name}()`);
  }
  override binary(op: string, other: Value, reflected: boolean): Value | undefined {
    if (op === '|') return unionOf(reflected ? [other, this] : [this, other]);
    if (op !== '==' && op !== '!=') return undefined;
    return (other instanceof TypingForm && sameForm(this, other)) === (op === '==');
  }
  override getAttribute(name: string, runtime: Runtime): Value | undefined {
    switch (name) {
      case '__origin__':
        return this.args === null ? this.origin : (this.origin ?? form(this.name));
      case '__args__':
        return new Tuple(this.args ?? []);
      case '__parameters__':
        return new Tuple([]);
      case '__name__':
      case '_name':
        return this.name;
      case '__mro_entries__':
        return native('__mro_entries__', 'bases', () => new Tuple(this.origin ? [this.origin] : []));
      case '__instancecheck__':
        return native('__instancecheck__', 'value', ({ value }, rt) => this.isInstance(value, rt));
      case '__call__':
        return this;
      default:
        return this.origin ? runtime.findAttr(this.origin, name) : undefined;
    }
  }
  private isInstance(value: Value, runtime: Runtime): Value {
    const unsure = runtime.unknown(`whether a value is a ${this.name}`, 'isinstance()');
    if (this.origin) return runtime.isInstance(value, this.origin) ?? unsure;
    if (this.name !== 'Union' || this.args === null) return unsure;
    return runtime.isInstance(value, new Tuple(this.args.map((a) => a ?? noneClass))) ?? unsure;
  }
  override repr(runtime: Runtime): string {
    if (this.args === null) return `typing.${this.name}`;
    const args = this.args.filter((a) => !(this.name === 'Union' && a === noneClass));
    const optional = args.length < this.args.length && args.length === 1;
    return `typing.${optional ? 'Optional' : this.name}[${args.map((a) => typeRepr(a, runtime)).join(', ')}]`;
  }
  override classOf(): ClassValue {
    return formClass;
  }
}

function typeRepr(type: Value, runtime: Runtime): string {
  if (type instanceof ClassValue) return qualified(type);
  if (type === ELLIPSIS) return '...';
  return type === null ? 'None' : runtime.repr(type);
}

function sameForm(a: TypingForm, b: TypingForm): boolean {
  const [x, y] = [a.args ?? [], b.args ?? []];
  if (a.name !== b.name || x.length !== y.length) return false;
  return x.every((v, i) => {
    const w = y[i];
    return v === w || (v instanceof TypingForm && w instanceof TypingForm && sameForm(v, w));
  });
}

/** `A | B`. */
export function unionOf(members: readonly Value[]): TypingForm | Unknown {
  const unknown = members.find((m) => m instanceof Unknown);
  if (unknown instanceof Unknown) return unknown;
  const flat = members.flatMap((m) =>
    m instanceof TypingForm && m.name === 'Union' && m.args ? m.args : [m ?? noneClass],
  );
  return new TypingForm('Union', null, [...new Set(flat)]);
}

const forms = new Map<string, TypingForm>();

/** The form of this name without parameters: one object, so that `is` works. */
export function form(name: string): TypingForm {
  let found = forms.get(name);
  if (!found) forms.set(name, (found = new TypingForm(name, null)));
  return found;
}
