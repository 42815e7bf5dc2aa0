import { torchHooks, createTorchState } from '../../../../src/core/frameworks/torch/modules.js';
import { withTorchState, type TorchState } from '../../../../src/core/frameworks/torch/context.js';
import { DEFAULT_LIMITS, executeIn, Interpreter } from '../../../../src/core/python/interpreter/index.js';
import type { ModuleValue, Value } from '../../../../src/core/python/values/index.js';

const IMPORTS = 'import math\nimport torch\nfrom torch import nn\nimport torch.nn.functional as F\n';

/** Runs Python text with torch at hand. */
export function runTorch(text: string): {
  readonly it: Interpreter;
  readonly state: TorchState;
  readonly module: ModuleValue;
  readonly evaluate: (expression: string) => Value;
} {
  const it = new Interpreter(
    { read: () => null, roots: [] },
    torchHooks(),
    { ...DEFAULT_LIMITS, steps: Infinity },
    () => 0,
  );
  const state = createTorchState(it);
  const module = withTorchState(state, () => it.modules.runMain('main', 'main.py', IMPORTS + text));
  return {
    it,
    state,
    module,
    evaluate: (expression) =>
      withTorchState(state, () => {
        executeIn(it, module, `result = ${expression}`);
        return module.names.get('result') as Value;
      }),
  };
}
