import activations from './transformers/activations.py';
import configuration from './transformers/configuration.py';
import modeling from './transformers/modeling.py';
import outputs from './transformers/outputs.py';
import pytorchUtils from './transformers/pytorch_utils.py';
import utils from './transformers/utils.py';
import { library, type LibraryGroups } from './library-file.js';

const files = library('transformers', {
  activations,
  configuration,
  modeling,
  outputs,
  pytorch_utils: pytorchUtils,
  utils,
});

/** The base classes that models for Hugging Face are written on. */
export const transformersGroups: LibraryGroups = {
  transformers: files('activations', 'configuration', 'modeling', 'outputs', 'pytorch_utils'),
  'transformers.activations': files('activations'),
  'transformers.configuration_utils': files('configuration'),
  'transformers.file_utils': files('outputs', 'utils'),
  'transformers.modeling_outputs': files('outputs'),
  'transformers.modeling_utils': files('modeling', 'pytorch_utils'),
  'transformers.pytorch_utils': files('pytorch_utils'),
  'transformers.utils': files('outputs', 'utils'),
  'transformers.utils.generic': files('outputs', 'utils'),
  'transformers.utils.import_utils': files('utils'),
  'transformers.utils.logging': files('utils'),
};
