import fc from 'fast-check';

/** A network as a person would write it, and the input it takes. */
export interface Network {
  readonly source: string;
  readonly input: readonly number[];
}

/** Functions as modules; a norm or another activation is what sigmoids need, so they are left out. */
const ACTIVATIONS = [
  'nn.ReLU()',
  'nn.LeakyReLU(0.2)',
  'nn.Tanh()',
  'nn.GELU()',
  'nn.SiLU()',
  'nn.ELU()',
  'nn.SELU()',
  'nn.Mish()',
  'nn.Softsign()',
  'nn.Hardswish()',
];

const activation = fc.constantFrom(...ACTIVATIONS);
const width = fc.integer({ min: 16, max: 700 });
const HEAD = 'import torch\nfrom torch import nn\n\n\n';

function sequential(layers: readonly string[]): string {
  return `class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
${layers.map((l) => `            ${l},`).join('\n')}
        )

    def forward(self, x):
        return self.layers(x)
`;
}

/** Linear layers of any widths, with a dropout or a norm here and there. */
export const perceptrons = fc
  .record({
    widths: fc.array(width, { minLength: 3, maxLength: 12 }),
    activation,
    bias: fc.boolean(),
    norm: fc.constantFrom('', '', 'nn.LayerNorm', 'nn.BatchNorm1d'),
    dropout: fc.boolean(),
  })
  .map(({ widths, activation: act, bias, norm, dropout }): Network => {
    const layers = widths
      .slice(1)
      .flatMap((out, i) => [
        `nn.Linear(${widths[i]}, ${out}${bias ? '' : ', bias=False'})`,
        ...(norm === '' ? [] : [`${norm}(${out})`]),
        act,
        ...(dropout && i === 1 ? ['nn.Dropout(0.2)'] : []),
      ]);
    return {
      source: HEAD + sequential([...layers, `nn.Linear(${widths.at(-1)}, 10)`]),
      input: [64, widths[0]!],
    };
  });

/** Convolutions over maps large enough that zeros at the border take little away. */
export const convolutions = fc
  .record({
    channels: fc.array(fc.integer({ min: 8, max: 96 }), { minLength: 2, maxLength: 7 }),
    kernel: fc.constantFrom(1, 3, 5),
    activation,
    bias: fc.boolean(),
    norm: fc.constantFrom('', '', 'nn.BatchNorm2d'),
    stride: fc.boolean(),
    depthwise: fc.boolean(),
  })
  .map(({ channels, kernel, activation: act, bias, norm, stride, depthwise }): Network => {
    const conv = (i: number, o: number, more: string): string =>
      `nn.Conv2d(${i}, ${o}, ${more}${bias ? '' : ', bias=False'})`;
    const layers = channels.flatMap((out, i) => {
      const from = channels[i - 1] ?? 3;
      const step = stride && i === 1 ? ', stride=2' : '';
      const after = [...(norm === '' ? [] : [`${norm}(${out})`]), act];
      const spatial = `${kernel}, padding=${(kernel - 1) / 2}${step}`;
      return depthwise && i > 0
        ? [
            conv(from, from, `${spatial}, groups=${from}`),
            ...(norm === '' ? [] : [`${norm}(${from})`]),
            act,
            conv(from, out, '1'),
            ...after,
          ]
        : [conv(from, out, spatial), ...after];
    });
    return {
      source:
        HEAD + sequential([...layers, 'nn.AdaptiveAvgPool2d(1)', 'nn.Flatten()', `nn.Linear(${channels.at(-1)}, 10)`]),
      input: [8, 3, 64, 64],
    };
  });

/** Blocks that add to a stream: without a norm, with one in front of the branch, or behind the sum. */
export const residual = fc
  .record({
    width: fc.integer({ min: 32, max: 400 }),
    expansion: fc.constantFrom(1, 2, 4),
    blocks: fc.integer({ min: 1, max: 24 }),
    activation,
    norm: fc.constantFrom('none', 'pre', 'post'),
  })
  .map(({ width: d, expansion, blocks, activation: act, norm }): Network => {
    const branch = 'self.down(self.act(self.up(';
    const forward =
      norm === 'pre'
        ? `x + ${branch}self.norm(x))))`
        : norm === 'post'
          ? `self.norm(x + ${branch}x))))`
          : `x + ${branch}x)))`;
    return {
      source: `${HEAD}class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm = ${norm === 'none' ? 'nn.Identity()' : `nn.LayerNorm(${d})`}
        self.up = nn.Linear(${d}, ${d * expansion})
        self.act = ${act}
        self.down = nn.Linear(${d * expansion}, ${d})

    def forward(self, x):
        return ${forward}


${sequential([`nn.Linear(100, ${d})`, ...Array.from({ length: blocks }, () => 'Block()'), `nn.LayerNorm(${d})`, `nn.Linear(${d}, 10)`])}`,
      input: [64, 100],
    };
  });

/** Encoders and decoders of attention and feed-forward layers. */
export const transformers = fc
  .record({
    head: fc.constantFrom(16, 32, 64),
    heads: fc.integer({ min: 1, max: 8 }),
    layers: fc.integer({ min: 1, max: 6 }),
    expansion: fc.constantFrom(2, 4),
    activation: fc.constantFrom('relu', 'gelu'),
    preNorm: fc.boolean(),
  })
  .map(({ head, heads, layers, expansion, activation: act, preNorm }): Network => {
    const d = head * heads;
    return {
      source: `${HEAD}class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Linear(48, ${d})
        layer = nn.TransformerEncoderLayer(${d}, ${heads}, ${d * expansion}, dropout=0.0, activation="${act}", batch_first=True, norm_first=${preNorm ? 'True' : 'False'})
        self.encoder = nn.TransformerEncoder(layer, ${layers}, norm=${preNorm ? `nn.LayerNorm(${d})` : 'None'}, enable_nested_tensor=False)
        self.head = nn.Linear(${d}, 10)

    def forward(self, x):
        return self.head(self.encoder(self.embed(x)))
`,
      input: [4, 32, 48],
    };
  });
