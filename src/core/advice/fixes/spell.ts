import { gainOf, type Draw } from './draw.js';
import type { Document } from './source/document.js';
import type { Imports } from './source/imports.js';

/** The tensor that a call initializes, and the module that it is the weight of where that can be named. */
export interface Target {
  /** `self.fc1.weight`. */
  readonly tensor: string;
  /** `self.fc1`. */
  readonly module?: string | undefined;
  /** Type of the module: some say their fan-in themselves. */
  readonly type?: string | undefined;
}

/** An initializer as it is called: its name, and what it is given besides the tensor. */
export interface Spelled {
  readonly initializer: string;
  readonly arguments: Readonly<Record<string, string>>;
  /** What a reader of the number would ask. */
  readonly comment?: string | undefined;
}

/** A draw in the words of `torch.nn.init`. */
export function spell(
  draw: Draw,
  target: Target,
  {
    document,
    imports,
    uniform = false,
  }: { readonly document: Document; readonly imports: Imports; readonly uniform?: boolean },
): Spelled {
  const { quote } = document;
  switch (draw.kind) {
    case 'zeros':
      return { initializer: 'zeros_', arguments: {} };
    case 'normal':
      return { initializer: 'normal_', arguments: { std: number(draw.std) } };
    case 'kaiming':
      return {
        initializer: uniform ? 'kaiming_uniform_' : 'kaiming_normal_',
        arguments: {
          ...(draw.slope !== undefined && { a: number(draw.slope) }),
          ...(draw.mode === 'fan_out' && { mode: `${quote}fan_out${quote}` }),
          nonlinearity: `${quote}${draw.nonlinearity}${quote}`,
        },
      };
    case 'siren': {
      const bound = bounds(draw, target, imports);
      return { initializer: 'uniform_', arguments: { a: `-${bound}`, b: bound }, comment: 'as in SIREN' };
    }
    case 'scaled':
      return { initializer: 'normal_', arguments: { std: sigma(draw, target, imports) }, comment: draw.note };
  }
}

/** `nn.init.kaiming_normal_(self.fc1.weight, nonlinearity="relu")`, its comment behind. */
export function callText(spelled: Spelled, tensor: string, imports: Imports): string {
  const given = [tensor, ...Object.entries(spelled.arguments).map(([name, value]) => `${name}=${value}`)];
  const call = `${imports.spell(`torch.nn.init.${spelled.initializer}`)}(${given.join(', ')})`;
  return spelled.comment === undefined ? call : `${call}  # ${spelled.comment}`;
}

/** Four digits: over fifty layers the variance is off by less than a twentieth. */
export function number(x: number): string {
  return String(Number(x.toPrecision(4)));
}

/** `math.sqrt(2 / layer.in_features)`; powers of ½ where the file has no math. */
function sigma(draw: Extract<Draw, { kind: 'scaled' }>, target: Target, imports: Imports): string {
  const gain = gainOf(draw) ?? 1;
  const square = gain * gain;
  const isWhole = Math.abs(square - Math.round(square)) < 1e-9;
  const { over, fan } = fanText(draw, target, imports);
  const hasMath = imports.has('math') || over !== undefined;
  if (hasMath) {
    const root = imports.spell('math.sqrt');
    const strides = over === undefined ? '' : `${over} / `;
    if (isWhole && square > 1)
      return `${root}(${Math.round(square)}${over === undefined ? '' : ` * ${over}`} / ${fan})`;
    return over === undefined
      ? `${isWhole ? '1' : number(gain)} / ${root}(${fan})`
      : `${isWhole ? '' : `${number(gain)} * `}${root}(${strides}${fan})`;
  }
  if (isWhole && square > 1) return `(${Math.round(square)} / ${fan}) ** 0.5`;
  return isWhole ? `${fan} ** -0.5` : `${number(gain)} * ${fan} ** -0.5`;
}

/** `math.sqrt(6 / layer.in_features) / 30` */
function bounds({ frequency, mode }: Extract<Draw, { kind: 'siren' }>, target: Target, imports: Imports): string {
  const { fan } = fanText({ mode }, target, imports);
  if (frequency === undefined) return `1 / ${fan}`;
  const root = imports.has('math') ? `${imports.spell('math.sqrt')}(6 / ${fan})` : `(6 / ${fan}) ** 0.5`;
  return frequency === 1 ? root : `${root} / ${number(frequency)}`;
}

/** What a unit sums, as an expression; a strided transposed convolution reaches each output by only some of its taps. */
function fanText(
  { mode }: Pick<Extract<Draw, { kind: 'scaled' }>, 'mode'>,
  { tensor, module, type }: Target,
  imports: Imports,
): { readonly fan: string; readonly over?: string } {
  if (mode === 'strided')
    return { fan: `${tensor}[:, 0].numel()`, over: `${imports.spell('math.prod')}(${module ?? 'm'}.stride)` };
  if (mode === 'fan_out') return { fan: type === undefined ? `${tensor}.shape[0]` : `${tensor}[:, 0].numel()` };
  return { fan: type === 'Linear' && module !== undefined ? `${module}.in_features` : `${tensor}[0].numel()` };
}
