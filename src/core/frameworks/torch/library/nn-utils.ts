import fusion from './nn_utils/fusion.py';
import gradients from './nn_utils/gradients.py';
import parametrizations from './nn_utils/parametrizations.py';
import parametrize from './nn_utils/parametrize.py';
import prune from './nn_utils/prune.py';
import rnn from './nn_utils/rnn.py';
import spectralNorm from './nn_utils/spectral_norm.py';
import weightNorm from './nn_utils/weight_norm.py';
import { library, type LibraryGroups } from './library-file.js';

const files = library('nn_utils', {
  fusion,
  gradients,
  parametrizations,
  parametrize,
  prune,
  rnn,
  spectral_norm: spectralNorm,
  weight_norm: weightNorm,
});

/** torch.nn.utils. */
export const nnUtilsGroups: LibraryGroups = {
  'torch.nn.utils': files('weight_norm', 'spectral_norm', 'gradients', 'fusion'),
  'torch.nn.utils.clip_grad': files('gradients'),
  'torch.nn.utils.convert_parameters': files('gradients'),
  'torch.nn.utils.fusion': files('fusion'),
  'torch.nn.utils.init': files('gradients'),
  'torch.nn.utils.parametrizations': files('parametrizations'),
  'torch.nn.utils.parametrize': files('parametrize'),
  'torch.nn.utils.prune': files('prune'),
  'torch.nn.utils.rnn': files('rnn'),
  'torch.nn.utils.spectral_norm': files('spectral_norm'),
  'torch.nn.utils.weight_norm': files('weight_norm'),
};
