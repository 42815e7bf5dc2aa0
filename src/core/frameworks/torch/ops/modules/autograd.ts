import {
  ClassMethod,
  ClassValue,
  Instance,
  native,
  NativeFunction,
  NativeObject,
  StaticMethod,
  Tuple,
  type Runtime,
  type Value,
} from '../../../../python/values/index.js';

/** `ctx` of a custom function: takes any attribute; what it saves can be read back. */
class Context extends NativeObject {
  readonly typeName = 'FunctionCtx';
  private readonly attributes = new Map<string, Value>();

  override getAttribute(name: string): Value | undefined {
    switch (name) {
      case 'save_for_backward':
      case 'save_for_forward':
        return native(name, '*tensors', (a) => this.keep(a.tensors), { isStatic: true });
      case 'mark_dirty':
      case 'mark_non_differentiable':
      case 'set_materialize_grads':
        return native(name, '*args', () => null, { isStatic: true });
      case 'needs_input_grad':
        return this.attributes.get(name) ?? new Tuple([true, true, true, true, true, true, true, true]);
      default:
        return this.attributes.get(name);
    }
  }
  override setAttribute(name: string, value: Value): boolean {
    this.attributes.set(name, value);
    return true;
  }
  private keep(tensors: Value): null {
    this.attributes.set('saved_tensors', tensors);
    return null;
  }
}

/** torch.autograd.Function: `apply` runs `forward`, so that what it does is traced like anything else. */
export function makeAutogradFunctionClass(object: ClassValue): ClassValue {
  const cls = new ClassValue('Function', [object], object.mro, null, undefined);
  const apply = new NativeFunction('apply', (rt, args, kwargs) => {
    const [self, ...rest] = args;
    const own = self instanceof ClassValue ? self : self instanceof Instance ? self.cls : undefined;
    if (!own) return rt.unknown('a function that is not known');
    return run(rt, own, rest, kwargs);
  });
  cls.names.set('apply', new ClassMethod(apply));
  cls.names.set('__call__', apply);
  return cls;
}

function run(rt: Runtime, cls: ClassValue, args: Value[], kwargs: ReadonlyMap<string, Value> | undefined): Value {
  const forward = cls.find('forward');
  if (forward === undefined)
    return rt.raise('NotImplementedError', 'You must implement the forward function for custom autograd.Function.');
  const body = forward instanceof StaticMethod ? forward.func : forward;
  const context = new Context();
  const setup = cls.find('setup_context');
  if (setup === undefined) return rt.call(body, [context, ...args], kwargs);
  const output = rt.call(body, args, kwargs);
  rt.call(setup instanceof StaticMethod ? setup.func : setup, [context, new Tuple(args), output]);
  return output;
}
