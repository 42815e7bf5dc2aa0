import { library, type LibraryGroups } from './library-file.js';
import dataset from './torch_data/dataset.py';
import optimizer from './torch_data/optimizer.py';
import scheduler from './torch_data/scheduler.py';

const files = library('torch_data', { dataset, optimizer, scheduler });

/** Base classes of data sets, optimizers and schedules. */
export const torchDataGroups: LibraryGroups = {
  'torch.utils.data': files('dataset'),
  'torch.utils.data.dataset': files('dataset'),
  'torch.utils.data.sampler': files('dataset'),
  'torch.utils.data.distributed': files('dataset'),
  'torch.optim': files('optimizer'),
  'torch.optim.optimizer': files('optimizer'),
  'torch.optim.lr_scheduler': files('scheduler'),
};
