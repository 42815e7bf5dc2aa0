import functions from './einops/functions.py';
import layers from './einops/layers.py';
import packing from './einops/packing.py';
import pattern from './einops/pattern.py';
import { library, type LibraryGroups } from './library-file.js';

const files = library('einops', { functions, layers, packing, pattern });

/** einops and its layers. */
export const einopsGroups: LibraryGroups = {
  einops: files('functions', 'packing', 'pattern'),
  'einops.einops': files('functions', 'packing', 'pattern'),
  'einops.layers': [],
  'einops.layers.torch': files('layers'),
  'einops.packing': files('packing'),
  'einops.pattern': files('pattern'),
};
