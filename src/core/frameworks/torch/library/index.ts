import { einopsGroups } from './einops.js';
import type { LibraryGroups } from './library-file.js';
import { gymGroups } from './gym.js';
import { lightningGroups } from './lightning.js';
import { nnUtilsGroups } from './nn-utils.js';
import { nnGroups } from './nn.js';
import { parallelGroups } from './parallel.js';
import { timmGroups } from './timm.js';
import { torchDataGroups } from './torch-data.js';
import { torchvisionGroups } from './torchvision.js';
import { trainingGroups } from './training.js';
import { transformersGroups } from './transformers.js';

export type { LibraryFile, LibraryGroups } from './library-file.js';

/** Everything that is written in Python, by dotted module name; a name is found in the file that defines it at top level. */
export const libraryGroups: LibraryGroups = {
  ...nnGroups,
  ...nnUtilsGroups,
  ...torchvisionGroups,
  ...timmGroups,
  ...einopsGroups,
  ...transformersGroups,
  ...lightningGroups,
  ...parallelGroups,
  ...trainingGroups,
  ...gymGroups,
  ...torchDataGroups,
};
