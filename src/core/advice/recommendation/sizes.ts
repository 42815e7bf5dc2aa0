import { convolutionFans } from '../../initializers/index.js';
import type { Dim, GraphNode, Model, ParameterId } from '../../model/index.js';

/** Terms that one output of a layer sums: a number, or the expression for it. */
export interface TrueFan {
  readonly fanIn: number | undefined;
  readonly fanOut: number | undefined;
  /** `hidden·4` where the size is not known. */
  readonly expression: string;
  readonly weight: ParameterId;
  readonly bias: ParameterId | undefined;
  /** Which of the node's inputs the weight multiplies, where that is not the first. */
  readonly data?: number | undefined;
}

/** A size as the user wrote it, products with a dot; in brackets where it is a factor beside others. */
function text(d: Dim | undefined, isAlone: boolean): string {
  if (d === undefined) return '?';
  const written = String(d).replaceAll(' * ', '·');
  return !isAlone && /[+\-\s]/.test(written) ? `(${written})` : written;
}

export function times(dims: readonly (Dim | undefined)[]): { value: number | undefined; expression: string } {
  const value = dims.every((d): d is number => typeof d === 'number')
    ? dims.reduce<number>((a, b) => a * b, 1)
    : undefined;
  const factors = dims.filter((d) => d !== 1);
  return {
    value,
    expression: value === undefined ? factors.map((d) => text(d, factors.length === 1)).join('·') : String(value),
  };
}

/** The true fan-in and fan-out of a node with a weight of its own; undefined when it has none. */
export function trueFan(model: Model, node: GraphNode): TrueFan | undefined {
  const op = node.operation;
  switch (op.kind) {
    case 'linear': {
      if (op.weight === 'input') return undefined;
      const shape = model.parameters[op.weight]?.shape ?? [];
      const [input, output] = op.transposed === true ? [shape[0], shape[1]] : [shape[1], shape[0]];
      const fan = times([input]);
      return {
        fanIn: fan.value,
        fanOut: times([output]).value,
        expression: fan.expression,
        weight: op.weight,
        bias: op.bias,
      };
    }
    case 'bilinear': {
      if (op.weight === 'input') return undefined;
      const shape = model.parameters[op.weight]?.shape ?? [];
      const fan = times([shape[1], shape[2]]);
      return {
        fanIn: fan.value,
        fanOut: times([shape[0]]).value,
        expression: fan.expression,
        weight: op.weight,
        bias: op.bias,
      };
    }
    case 'convolution': {
      if (op.weight === 'input') return undefined;
      const shape = model.parameters[op.weight]?.shape ?? [];
      const kernel = shape.slice(2);
      const sizes = [...kernel, shape[0], shape[1]];
      if (sizes.every((d): d is number => typeof d === 'number')) {
        const [a, b] = [shape[0] as number, shape[1] as number];
        const channels = op.transposed
          ? { inChannels: a, outChannels: b * op.groups }
          : { inChannels: b * op.groups, outChannels: a };
        const fans = convolutionFans({
          ...channels,
          groups: op.groups,
          kernel: kernel as readonly number[],
          stride: op.window.stride,
          transposed: op.transposed,
        });
        return {
          fanIn: fans.fanIn,
          fanOut: fans.fanOut,
          expression: String(fans.fanIn),
          weight: op.weight,
          bias: op.bias,
        };
      }
      const fan = op.transposed ? times([shape[0], ...kernel]) : times([shape[1], ...kernel]);
      return {
        fanIn: undefined,
        fanOut: undefined,
        expression: op.transposed
          ? `${fan.expression}/${op.groups * op.window.stride.reduce((x, y) => x * y, 1)}`
          : fan.expression,
        weight: op.weight,
        bias: op.bias,
      };
    }
    case 'embedding': {
      if (op.weight === 'input') return undefined;
      const d = model.parameters[op.weight]?.shape[1];
      return {
        fanIn: 1,
        fanOut: typeof d === 'number' ? d : undefined,
        expression: '1',
        weight: op.weight,
        bias: undefined,
      };
    }
    default:
      return undefined;
  }
}
