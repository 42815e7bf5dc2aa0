import callbacks from './training/callbacks.py';
import datasets from './training/datasets.py';
import distributions from './training/distributions.py';
import { library, type LibraryGroups } from './library-file.js';

const files = library('training', { callbacks, datasets, distributions });

const lightning = Object.fromEntries(
  ['lightning', 'pytorch_lightning', 'lightning.pytorch'].flatMap((name) => [
    [`${name}.callbacks`, files('callbacks')],
    [`${name}.loggers`, files('callbacks')],
  ]),
);

/** Distributions that models sample from, and classes that users extend beside their models. */
export const trainingGroups: LibraryGroups = {
  'torch.distributions': files('distributions'),
  'torch.distributions.categorical': files('distributions'),
  'torch.distributions.distribution': files('distributions'),
  'torch.distributions.kl': files('distributions'),
  'torch.distributions.normal': files('distributions'),
  'torch.distributions.transforms': files('distributions'),
  'torchvision.datasets': files('datasets'),
  'torchvision.datasets.folder': files('datasets'),
  'torchvision.datasets.vision': files('datasets'),
  ...lightning,
};
