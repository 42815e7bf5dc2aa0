import attention from './timm/attention.py';
import conv from './timm/conv.py';
import createAct from './timm/create_act.py';
import drop from './timm/drop.py';
import helpers from './timm/helpers.py';
import manipulate from './timm/manipulate.py';
import mlp from './timm/mlp.py';
import norm from './timm/norm.py';
import normAct from './timm/norm_act.py';
import patchEmbed from './timm/patch_embed.py';
import pool from './timm/pool.py';
import registry from './timm/registry.py';
import resnet from './timm/resnet.py';
import squeezeExcite from './timm/squeeze_excite.py';
import visionTransformer from './timm/vision_transformer.py';
import weightInit from './timm/weight_init.py';
import { library, type LibraryFile, type LibraryGroups } from './library-file.js';

const files = library('timm', {
  attention,
  conv,
  create_act: createAct,
  drop,
  helpers,
  manipulate,
  mlp,
  norm,
  norm_act: normAct,
  patch_embed: patchEmbed,
  pool,
  registry,
  resnet,
  squeeze_excite: squeezeExcite,
  vision_transformer: visionTransformer,
  weight_init: weightInit,
});

const layers = files(
  'helpers',
  'weight_init',
  'drop',
  'create_act',
  'norm',
  'norm_act',
  'conv',
  'pool',
  'mlp',
  'patch_embed',
  'squeeze_excite',
  'attention',
);

/** Modules of timm.layers that people import from by their own names; they moved here from timm.models.layers. */
const parts: Readonly<Record<string, readonly LibraryFile[]>> = {
  activations: files('create_act'),
  adaptive_avgmax_pool: files('pool'),
  attention: files('attention'),
  classifier: files('pool'),
  conv_bn_act: files('conv'),
  create_act: files('create_act'),
  create_conv2d: files('conv'),
  create_norm: files('norm'),
  create_norm_act: files('norm_act'),
  drop: files('drop'),
  helpers: files('helpers'),
  layer_scale: files('norm'),
  mlp: files('mlp'),
  norm: files('norm'),
  norm_act: files('norm_act'),
  padding: files('conv', 'helpers'),
  patch_embed: files('patch_embed'),
  pos_embed: files('patch_embed'),
  squeeze_excite: files('squeeze_excite'),
  std_conv: files('conv'),
  weight_init: files('weight_init'),
};

/** timm's layers and its plainest models. */
export const timmGroups: LibraryGroups = {
  timm: files('registry'),
  'timm.layers': layers,
  'timm.models.layers': layers,
  ...Object.fromEntries(
    Object.entries(parts).flatMap(([name, own]) => [
      [`timm.layers.${name}`, own],
      [`timm.models.layers.${name}`, own],
    ]),
  ),
  'timm.models': files('registry', 'manipulate', 'resnet', 'vision_transformer'),
  'timm.models._builder': files('registry'),
  'timm.models._manipulate': files('manipulate'),
  'timm.models._registry': files('registry'),
  'timm.models.helpers': files('registry', 'manipulate'),
  'timm.models.registry': files('registry'),
  'timm.models.resnet': files('resnet'),
  'timm.models.vision_transformer': files('vision_transformer', 'attention', 'patch_embed', 'mlp', 'drop', 'norm'),
};
