/** Sizes that models are usually built with, by what their parameters are called; the first that fits. */
const likely: readonly (readonly [RegExp, string])[] = [
  [/num_?class|n_?class|num_?labels|out_?features|output_?(size|dim)|n_?out|num_?actions|action_?(dim|size)/, '10'],
  [/in_?(ch|planes|chans)|input_?(nc|ch)|channels_?in|^channels?$|n_?channels|img_?ch/, '3'],
  [/out_?(ch|planes)|planes|filters|features_?maps|^ngf$|^ndf$|^nf$/, '64'],
  [/vocab|n_?tokens|num_?embeddings|n_?words/, '10000'],
  [/block_?size|context|seq_?len|max_?len|n_?ctx|patches/, '128'],
  [/head/, '8'],
  [/kernel/, '3'],
  [/stride|padding|dilation|groups|downsample/, '1'],
  [/layers?$|depth|blocks|stages|n_?layer/, '2'],
  [/image_?size|img_?size|resolution|height|width_?px/, '224'],
  [/patch/, '16'],
  [/latent|z_?dim|noise/, '100'],
  [/emb|d_?model|n_?embd|hidden|width|^dim$|units|mlp/, '256'],
  [/drop|prob/, '0.1'],
  [/batch/, '8'],
  [/bias|norm|residual|bidirectional|pretrained/, 'True'],
  [/activation|act_?(layer|fn)|nonlin/, 'nn.ReLU'],
  [/size|dim|features|n_?in|input|state|obs/, '64'],
];

/** A likely value for a parameter or size of this name, as it is written in Python; `undefined` when the name says nothing. */
export function likelyValue(name: string): string | undefined {
  const lower = name.toLowerCase();
  return likely.find(([pattern]) => pattern.test(lower))?.[1];
}

/** A likely number in the place of a size in symbols: `2 * hidden` → 512. */
export function likelySize(symbol: string): number {
  const numbers = symbol
    .replace(/[A-Za-z_][\w.]*/g, (name) => likelyValue(name.split('.').at(-1) ?? name) ?? '64')
    .replaceAll(/\s+/g, ' ');
  const product = /^(\d+)(?: ?\* ?(\d+))?$/.exec(numbers.replace(/[()]/g, '').trim());
  return product === null ? 64 : Number(product[1]) * Number(product[2] ?? 1);
}
