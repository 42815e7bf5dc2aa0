import type { BinaryOp, Runtime } from '../../values/runtime.js';
import type { ClassValue } from '../../values/index.js';
import {
  BoundMethod,
  ClassMethod,
  Dict,
  FunctionValue,
  Instance,
  List,
  NativeFunction,
  NativeObject,
  Property,
  StaticMethod,
  Tuple,
  type Value,
} from '../../values/index.js';
import { isInt, realOf, unwrap } from '../support/numbers.js';
import { newInstance, objectClass } from '../types/object.js';
import { tupleClass } from '../types/list.js';

/** `auto()`, and what a class body computes from it (`RW = R | W`): a value that is known once members are made. */
export class Auto extends NativeObject {
  readonly typeName = 'auto';
  private value: Value | undefined;
  constructor(private readonly compute?: (runtime: Runtime) => Value) {
    super();
  }
  /** Its value; `next` gives it the first time. */
  resolve(next: () => Value, runtime: Runtime): Value {
    return (this.value ??= this.compute ? this.compute(runtime) : next());
  }
  override binary(op: string, other: Value, reflected: boolean): Value | undefined {
    if (!['|', '&', '^', '+', '-', '*', '<<'].includes(op)) return undefined;
    return new Auto((runtime) => {
      const [mine, theirs] = [this, other].map((v) => (v instanceof Auto ? v.resolve(() => 0, runtime) : v)) as [
        Value,
        Value,
      ];
      return runtime.binary(op as BinaryOp, reflected ? theirs : mine, reflected ? mine : theirs);
    });
  }
}

/** What making members needs to know of the enum classes, which are built on top of this. */
export interface EnumKinds {
  readonly enumClass: ClassValue;
  readonly flagClass: ClassValue;
  /** Enums whose text is that of their value: IntEnum, StrEnum, IntFlag. */
  readonly reprEnumClass: ClassValue;
  /** `__repr__`, `__str__` and `__format__` of members. */
  readonly plain: readonly NativeFunction[];
  readonly ofValue: readonly NativeFunction[];
}

/** Members by name, aliases included, in the order of their definition. */
export function membersOf(cls: ClassValue): Dict {
  const members = cls.names.get('__members__');
  return members instanceof Dict ? members : new Dict();
}

/** Members without aliases. */
export function distinctMembers(cls: ClassValue): Instance[] {
  const members = membersOf(cls);
  return members
    .pairs()
    .filter(([name, m]) => m instanceof Instance && m.names.get('_name_') === name)
    .map(([, m]) => m as Instance);
}

export function memberByValue(cls: ClassValue, value: Value, runtime: Runtime): Instance | undefined {
  return distinctMembers(cls).find(
    (m) => m === value || runtime.equals(m.names.get('_value_') ?? null, value) === true,
  );
}

/** Names in a class body that don't become members: functions, descriptors and what Python reserves. */
function isMember(name: string, value: Value, ignored: readonly string[]): boolean {
  if (/^__.*__$/.test(name) || /^_[^_].*_$/.test(name) || ignored.includes(name)) return false;
  if (value instanceof FunctionValue || value instanceof NativeFunction || value instanceof Property) return false;
  if (value instanceof ClassMethod || value instanceof StaticMethod) return false;
  return !(value instanceof Instance && value.cls.find('__get__') !== undefined);
}

/** The built-in type that an enum mixes in (`class Color(str, Enum)`). */
function mixin(cls: ClassValue, kinds: EnumKinds): ClassValue | undefined {
  return cls.mro.find(
    (c) =>
      c !== objectClass && c.module === null && !c.isSubclassOf(kinds.enumClass) && c.names.has('__new__') && c !== cls,
  );
}

/** The first definition of a method by the user. */
function userMethod(cls: ClassValue, name: string): Value | undefined {
  for (const c of cls.mro) {
    const found = c.names.get(name);
    if (found instanceof FunctionValue) return found;
    if (found instanceof StaticMethod || found instanceof ClassMethod) return found.func;
  }
  return undefined;
}

function nextValue(cls: ClassValue, name: string, before: readonly Value[], kinds: EnumKinds, runtime: Runtime): Value {
  const own = userMethod(cls, '_generate_next_value_');
  if (own !== undefined) return runtime.call(own, [name, 1, before.length, new List([...before])]);
  const numbers = before.map(unwrap).filter(isInt).map(Number);
  if (cls.isSubclassOf(kinds.flagClass)) {
    const highest = Math.max(0, ...numbers);
    return highest === 0 ? 1 : 2 ** (Math.floor(Math.log2(highest)) + 1);
  }
  // StrEnum
  if (mixin(cls, kinds)?.name === 'str') return name.toLowerCase();
  return numbers.length === 0 ? 1 : Math.max(...numbers) + 1;
}

function makeMember(cls: ClassValue, given: Value, kinds: EnumKinds, runtime: Runtime): Instance {
  const type = mixin(cls, kinds);
  const args = given instanceof Tuple && type !== tupleClass ? [...given.items] : [given];
  const make = userMethod(cls, '__new__');
  let member: Instance;
  if (make !== undefined) {
    const made = runtime.call(make, [cls, ...args]);
    member = made instanceof Instance ? made : newInstance(cls, runtime, made);
  } else {
    const payload = type === undefined ? undefined : runtime.call(type, args);
    member = newInstance(cls, runtime, payload);
  }
  if (!member.names.has('_value_')) {
    member.names.set('_value_', make === undefined && member.payload !== undefined ? member.payload : given);
  }
  const init = userMethod(cls, '__init__');
  if (init !== undefined) runtime.call(new BoundMethod(member, init), args);
  return member;
}

/** Turns the assignments of a finished class body into members. */
export function makeMembers(cls: ClassValue, kinds: EnumKinds, runtime: Runtime): void {
  const ignore = cls.names.get('_ignore_');
  const ignored =
    typeof ignore === 'string'
      ? ignore.split(/[\s,]+/)
      : ignore === undefined
        ? []
        : runtime.toArray(ignore).map(String);
  const members = new Dict();
  const values: Value[] = [];
  for (const [name, written] of [...cls.names.entries()]) {
    if (!isMember(name, written, ignored)) continue;
    const fill = (v: Value): Value =>
      v instanceof Auto ? v.resolve(() => nextValue(cls, name, values, kinds, runtime), runtime) : v;
    const inTuple = written instanceof Tuple && written.items.some((v) => v instanceof Auto);
    const value = inTuple ? new Tuple(written.items.map(fill)) : fill(written);
    const made = makeMember(cls, value, kinds, runtime);
    const actual = made.names.get('_value_') ?? null;
    const same = members
      .values()
      .find((m) => m instanceof Instance && runtime.equals(m.names.get('_value_') ?? null, actual) === true);
    const member = same instanceof Instance ? same : made;
    if (member === made) {
      values.push(actual);
      for (const key of ['_name_', 'name']) member.names.set(key, name);
      member.names.set('value', actual);
      member.names.set('_sort_order_', members.size);
    }
    members.set(name, member);
    cls.names.set(name, member);
  }
  cls.names.set('__members__', members);
  cls.names.set('_member_map_', members);
  cls.names.set('_member_names_', new List(distinctMembers(cls).map((m) => m.names.get('_name_') ?? null)));
  cls.names.set('_value2member_map_', Dict.from(distinctMembers(cls).map((m) => [m.names.get('_value_') ?? null, m])));
  // As EnumType does: the mixed-in type must not decide how members are written.
  const written = cls.isSubclassOf(kinds.reprEnumClass) ? kinds.ofValue : kinds.plain;
  for (const method of written) if (cls.find(method.name) instanceof NativeFunction) cls.names.set(method.name, method);
}

/** The member of a Flag with these bits, made when it is first asked for. */
export function flagMember(cls: ClassValue, bits: number, runtime: Runtime): Instance {
  const table = cls.names.get('_value2member_map_');
  const known = table instanceof Dict ? table.get(bits) : undefined;
  if (known instanceof Instance) return known;
  const payload = cls.mro.some((c) => c.name === 'int' && c.module === null) ? bits : undefined;
  const member = newInstance(cls, runtime, payload);
  const parts = distinctMembers(cls).filter((m) => {
    const own = realOf(m.names.get('_value_') ?? null) ?? 0;
    return own !== 0 && (own & (own - 1)) === 0 && (own & bits) === own;
  });
  const name = parts.length === 0 ? null : parts.map((m) => String(m.names.get('_name_'))).join('|');
  for (const key of ['_name_', 'name']) member.names.set(key, name);
  for (const key of ['_value_', 'value']) member.names.set(key, bits);
  if (table instanceof Dict) table.set(bits, member);
  return member;
}
