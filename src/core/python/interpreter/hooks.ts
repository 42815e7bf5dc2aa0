import type { ClassValue, Instance, ModuleValue, Value } from '../values/index.js';
import type { Interpreter } from './interpreter.js';

/** Library modules written for InitScope, by dotted name; made anew for each evaluation. */
export type ModuleFactory = (it: Interpreter, name: string) => ModuleValue;

/** What the interpreter asks of the frameworks. */
export interface FrameworkHooks {
  readonly modules: ReadonlyMap<string, ModuleFactory>;
  /** Top-level packages among them that give way to the workspace's own copy (torchvision's source opened in torchvision). */
  readonly replaceable: ReadonlySet<string>;
  /** The class that an unknown base class is read as (nn.Module). */
  baseForUnknown(it: Interpreter): ClassValue | undefined;
  /** Whether an object is part of a model, so that an unknown wrapper round it is taken to return it. */
  isModule(object: Instance): boolean;
  /** Whether a value is part of what is traced, so that losing it is news. */
  isTraced?(value: Value): boolean;
}
