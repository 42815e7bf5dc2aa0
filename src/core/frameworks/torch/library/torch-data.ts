import { library, type LibraryGroups } from './library-file.js';
import dataset from './torch_data/dataset.py';
import optimizer from './torch_data/optimizer.py';

const files = library('torch_data', { dataset, optimizer });

/** Base classes of data sets and optimizers. */
export const torchDataGroups: LibraryGroups = {
  'torch.utils.data': files('dataset'),
  'torch.utils.data.dataset': files('dataset'),
  'torch.utils.data.sampler': files('dataset'),
  'torch.optim': files('optimizer'),
  'torch.optim.optimizer': files('optimizer'),
};
