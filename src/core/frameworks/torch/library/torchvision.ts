import alexnet from './torchvision/alexnet.py';
import convnext from './torchvision/convnext.py';
import densenet from './torchvision/densenet.py';
import efficientnet from './torchvision/efficientnet.py';
import googlenet from './torchvision/googlenet.py';
import inception from './torchvision/inception.py';
import misc from './torchvision/misc.py';
import mobilenetv2 from './torchvision/mobilenetv2.py';
import mobilenetv3 from './torchvision/mobilenetv3.py';
import modelsUtils from './torchvision/models_utils.py';
import ops from './torchvision/ops.py';
import resnet from './torchvision/resnet.py';
import shufflenetv2 from './torchvision/shufflenetv2.py';
import vgg from './torchvision/vgg.py';
import visionTransformer from './torchvision/vision_transformer.py';
import weights from './torchvision/weights.py';
import { library, type LibraryGroups } from './library-file.js';

const files = library('torchvision', {
  alexnet,
  convnext,
  densenet,
  efficientnet,
  googlenet,
  inception,
  misc,
  mobilenetv2,
  mobilenetv3,
  models_utils: modelsUtils,
  ops,
  resnet,
  shufflenetv2,
  vgg,
  vision_transformer: visionTransformer,
  weights,
});

/** torchvision's models and the operations that they are made of. */
export const torchvisionGroups: LibraryGroups = {
  // Names that several files define (InvertedResidual, BasicConv2d) are those of no file here in the real package either.
  'torchvision.models': files(
    'shufflenetv2',
    'inception',
    'googlenet',
    'mobilenetv3',
    'mobilenetv2',
    'efficientnet',
    'convnext',
    'vision_transformer',
    'densenet',
    'alexnet',
    'vgg',
    'resnet',
    'models_utils',
  ),
  'torchvision.models._utils': files('models_utils'),
  'torchvision.models.alexnet': files('alexnet'),
  'torchvision.models.convnext': files('convnext'),
  'torchvision.models.densenet': files('densenet'),
  'torchvision.models.efficientnet': files('efficientnet'),
  'torchvision.models.googlenet': files('googlenet'),
  'torchvision.models.inception': files('inception'),
  'torchvision.models.mobilenet': files('mobilenetv3', 'mobilenetv2'),
  'torchvision.models.mobilenetv2': files('mobilenetv2'),
  'torchvision.models.mobilenetv3': files('mobilenetv3'),
  'torchvision.models.resnet': files('resnet'),
  'torchvision.models.shufflenetv2': files('shufflenetv2'),
  'torchvision.models.squeezenet': files('alexnet'),
  'torchvision.models.vgg': files('vgg'),
  'torchvision.models.vision_transformer': files('vision_transformer'),
  'torchvision.models.weights': files('weights'),
  'torchvision.ops': files('ops', 'misc'),
  'torchvision.ops.deform_conv': files('ops'),
  'torchvision.ops.feature_pyramid_network': files('ops'),
  'torchvision.ops.misc': files('misc'),
  'torchvision.ops.stochastic_depth': files('ops'),
};
