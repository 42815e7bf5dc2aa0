import { native, Tuple, type Value } from '../../python/values/index.js';
import { product, type Sizes } from './ops/kit/sizes.js';

class SizeAttributes {
  constructor(private readonly sizes: Sizes) {}
  get(name: string): Value | undefined {
    return name === 'numel' ? native('numel', '', () => product(this.sizes), { isStatic: true }) : undefined;
  }
}

/** `torch.Size`: a tuple that knows its product. */
export function torchSize(sizes: Sizes): Tuple {
  return new Tuple(sizes, new SizeAttributes(sizes));
}
