import activation from './nn/activation.py';
import activationMore from './nn/activation_more.py';
import adaptive from './nn/adaptive.py';
import attention from './nn/attention.py';
import batchnorm from './nn/batchnorm.py';
import batchnormLazy from './nn/batchnorm_lazy.py';
import conv from './nn/conv.py';
import convLazy from './nn/conv_lazy.py';
import convTranspose from './nn/conv_transpose.py';
import dropout from './nn/dropout.py';
import flatten from './nn/flatten.py';
import instancenorm from './nn/instancenorm.py';
import linear from './nn/linear.py';
import loss from './nn/loss.py';
import lossMore from './nn/loss_more.py';
import moduleList from './nn/module_list.py';
import modulesUtils from './nn/modules_utils.py';
import normalization from './nn/normalization.py';
import padding from './nn/padding.py';
import parallel from './nn/parallel.py';
import parameterList from './nn/parameter_list.py';
import pooling from './nn/pooling.py';
import poolingMore from './nn/pooling_more.py';
import rnn from './nn/rnn.py';
import rnnCell from './nn/rnn_cell.py';
import sequential from './nn/sequential.py';
import sparse from './nn/sparse.py';
import transformer from './nn/transformer.py';
import transformerLayer from './nn/transformer_layer.py';
import vision from './nn/vision.py';
import { library, type LibraryGroups } from './library-file.js';

const files = library('nn', {
  activation,
  activation_more: activationMore,
  adaptive,
  attention,
  batchnorm,
  batchnorm_lazy: batchnormLazy,
  conv,
  conv_lazy: convLazy,
  conv_transpose: convTranspose,
  dropout,
  flatten,
  instancenorm,
  linear,
  loss,
  loss_more: lossMore,
  module_list: moduleList,
  modules_utils: modulesUtils,
  normalization,
  padding,
  parallel,
  parameter_list: parameterList,
  pooling,
  pooling_more: poolingMore,
  rnn,
  rnn_cell: rnnCell,
  sequential,
  sparse,
  transformer,
  transformer_layer: transformerLayer,
  vision,
});

const modules: LibraryGroups = {
  'torch.nn.modules.activation': files('activation', 'activation_more', 'attention'),
  'torch.nn.modules.adaptive': files('adaptive'),
  'torch.nn.modules.batchnorm': files('batchnorm', 'batchnorm_lazy'),
  'torch.nn.modules.container': files('sequential', 'module_list', 'parameter_list'),
  'torch.nn.modules.conv': files('conv', 'conv_transpose', 'conv_lazy'),
  'torch.nn.modules.distance': files('flatten'),
  'torch.nn.modules.dropout': files('dropout'),
  'torch.nn.modules.flatten': files('flatten'),
  'torch.nn.modules.fold': files('vision'),
  'torch.nn.modules.instancenorm': files('instancenorm', 'batchnorm_lazy'),
  'torch.nn.modules.linear': files('linear'),
  'torch.nn.modules.loss': files('loss', 'loss_more'),
  'torch.nn.modules.module': [],
  'torch.nn.modules.normalization': files('normalization'),
  'torch.nn.modules.padding': files('padding'),
  'torch.nn.modules.pixelshuffle': files('vision'),
  'torch.nn.modules.pooling': files('pooling', 'pooling_more'),
  'torch.nn.modules.rnn': files('rnn', 'rnn_cell'),
  'torch.nn.modules.sparse': files('sparse'),
  'torch.nn.modules.transformer': files('transformer', 'transformer_layer'),
  'torch.nn.modules.upsampling': files('vision'),
};

const layers = [...new Set([...Object.values(modules).flat(), ...files('parallel')])];

/** torch.nn and the modules it is made of. */
export const nnGroups: LibraryGroups = {
  'torch.nn': layers,
  'torch.nn.modules': layers,
  ...modules,
  'torch.nn.modules.utils': files('modules_utils'),
  'torch.nn.parallel': files('parallel'),
  'torch.nn.parallel.data_parallel': files('parallel'),
  'torch.nn.parallel.distributed': files('parallel'),
  'torch.nn.parameter': [],
};
