import {
  BoundMethod,
  FunctionValue,
  native,
  NativeFunction,
  NativeObject,
  type Runtime,
  type Surrounding,
  type Value,
} from '../../../../python/values/index.js';
import { torchState } from '../../context.js';
import type { GradMode } from '../../grad-mode.js';

const mode = (): GradMode => torchState().tracer.gradMode;

/** `with torch.no_grad():`, and the decorator. */
class GradContext extends NativeObject {
  /** Modes to come back to; the first, where the mode was set with the context's making. */
  private readonly before: boolean[] = [];

  constructor(
    readonly typeName: string,
    private readonly enabled: boolean,
    private readonly isSetAtOnce: boolean,
  ) {
    super();
    if (isSetAtOnce) this.enter();
  }

  private enter(): void {
    this.before.push(mode().isEnabled);
    mode().set(this.enabled);
  }

  private leave(): void {
    const before = this.before.pop();
    if (before !== undefined) mode().set(before);
  }

  override call([wrapped = null]: Value[]): Value {
    if (this.isSetAtOnce) this.leave();
    return decorated(wrapped, (body) => mode().during(this.enabled, body));
  }

  override getAttribute(name: string): Value | undefined {
    switch (name) {
      case '__enter__':
        return native(
          name,
          '',
          () => {
            if (!this.isSetAtOnce) this.enter();
            return this;
          },
          { isStatic: true },
        );
      case '__exit__':
        return native(
          name,
          '*args',
          () => {
            this.leave();
            return null;
          },
          { isStatic: true },
        );
      case 'clone':
        return native(name, '', () => this, { isStatic: true });
      default:
        return undefined;
    }
  }
}

/** What makes such contexts. Written without parentheses it decorates by itself. */
class GradSwitch extends NativeObject {
  constructor(
    readonly typeName: string,
    /** What it sets where nothing is given: undefined, where the mode has to be. */
    private readonly enabled: boolean | undefined,
    /** What a given mode, on or off, sets: `inference_mode(False)` lets gradients be. */
    private readonly enabledFor: (given: boolean) => boolean = () => enabled ?? true,
  ) {
    super();
  }

  override call(args: Value[], kwargs: ReadonlyMap<string, Value> | undefined, rt: Runtime): Value {
    const given = args[0] ?? kwargs?.get('mode');
    if (given instanceof FunctionValue || given instanceof BoundMethod || given instanceof NativeFunction)
      return new GradContext(this.typeName, this.enabledFor(true), false).call([given]);
    const enabled =
      given === undefined
        ? (this.enabled ?? mode().isEnabled)
        : this.enabledFor(rt.isTrue(given, this.enabledFor(true)));
    return new GradContext(this.typeName, enabled, this.enabled === undefined);
  }
}

/** The same function, run in something; what isn't one is given back. */
function decorated(wrapped: Value, around: Surrounding): Value {
  if (wrapped instanceof BoundMethod) return new BoundMethod(wrapped.self, decorated(wrapped.func, around));
  if (wrapped instanceof NativeFunction)
    return new NativeFunction(
      wrapped.name,
      (rt, args, kwargs) => around(() => wrapped.call(rt, args, kwargs)),
      wrapped.isStatic,
    );
  if (!(wrapped instanceof FunctionValue)) return wrapped;
  const { name, scope, defaults, node, owner, around: inner } = wrapped;
  const copy = new FunctionValue(name, scope, defaults, node, owner);
  for (const [key, value] of wrapped.attributes.entries()) copy.attributes.set(key, value);
  copy.around = inner === undefined ? around : (body) => around(() => inner(body));
  return copy;
}

/** Of torch and torch.autograd. */
export const gradSwitches: Readonly<Record<string, Value>> = {
  no_grad: new GradSwitch('no_grad', false),
  enable_grad: new GradSwitch('enable_grad', true),
  inference_mode: new GradSwitch('inference_mode', false, (given) => !given),
  set_grad_enabled: new GradSwitch('set_grad_enabled', undefined, (given) => given),
  is_grad_enabled: new NativeFunction('is_grad_enabled', () => mode().isEnabled, true),
};
