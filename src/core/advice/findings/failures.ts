import type { Finding, SourceRange } from '../../model/index.js';
import { activationNamed, summarize } from '../../propagation/activations/index.js';
import type { Rule } from './rule.js';
import { short } from './words.js';

/** A model that could not be built: what Python would raise, and where. */
interface Failure {
  readonly reason: string;
  readonly range?: SourceRange | undefined;
  readonly definedAt?: SourceRange | undefined;
}

interface FailureRule extends Pick<Rule, 'code' | 'name' | 'severity'> {
  readonly pattern: RegExp;
  readonly message: (match: RegExpExecArray) => string;
}

/** Mistakes that end in an exception while the model is built. */
export const FAILURE_RULES: readonly FailureRule[] = [
  {
    code: 'IS105',
    name: 'unsupported-nonlinearity',
    severity: 'error',
    pattern: /^ValueError: Unsupported nonlinearity (.+)$/,
    message([, name = '']) {
      const activation = activationNamed(name);
      const gain = activation && 1 / Math.sqrt(summarize(activation, activation.constants).second);
      const remedy =
        gain === undefined
          ? 'Give the gain as a number.'
          : `Give the gain as a number: ${activation?.label} needs ${short(gain)}.`;
      return `PyTorch has no gain for '${name}': this line raises ValueError. ${remedy}`;
    },
  },
  {
    code: 'IS112',
    name: 'no-fans',
    severity: 'error',
    pattern: /^ValueError: (?:(Fan in and fan out can not be computed)|Only tensors with 2 or more dimensions)/,
    message: ([, fans]) =>
      `This tensor has fewer than two axes (a bias, or the weight of a norm), so it ${fans ? 'has no fans' : 'is no matrix'}: this line raises ValueError. Initialize only parameters with \`p.dim() > 1\`.`,
  },
  {
    code: 'IS113',
    name: 'initialized-none',
    severity: 'error',
    pattern:
      /^AttributeError: 'NoneType' object has no attribute '(data|fill_|zero_|normal_|uniform_|dim|shape|size|ndimension)'$/,
    message: ([, name]) =>
      `What is initialized here is None (a layer made with bias=False?), which has no \`${name}\`: this line raises AttributeError. Ask \`if m.bias is not None\` first.`,
  },
];

/** Findings about models that could not be built: those whose reason is a known mistake of initialization. */
export function findingsOfFailures(failures: readonly Failure[]): Finding[] {
  const seen = new Set<string>();
  return failures.flatMap((failure): Finding[] => {
    for (const { code, severity, pattern, message } of FAILURE_RULES) {
      const match = pattern.exec(failure.reason);
      if (!match) continue;
      const range = failure.range ?? failure.definedAt;
      // Several models may stop at one line.
      const key = `${code} ${range?.file ?? ''} ${range?.start ?? -1}`;
      if (seen.has(key)) return [];
      seen.add(key);
      return [{ code, severity, range, message: message(match) }];
    }
    return [];
  });
}
