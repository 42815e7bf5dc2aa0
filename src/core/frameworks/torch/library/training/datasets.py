"""torchvision.datasets: classes that user code extends or names; no picture is read."""

from torch.utils.data import Dataset


class VisionDataset(Dataset):
    def __init__(self, root=None, *args, transform=None, target_transform=None, **kwargs):
        self.root = root
        self.transform = transform
        self.target_transform = target_transform


class DatasetFolder(VisionDataset):
    pass


class ImageFolder(DatasetFolder):
    pass


class MNIST(VisionDataset):
    pass


class FashionMNIST(MNIST):
    pass


class KMNIST(MNIST):
    pass


class EMNIST(MNIST):
    pass


class CIFAR10(VisionDataset):
    pass


class CIFAR100(CIFAR10):
    pass


class SVHN(VisionDataset):
    pass


class STL10(VisionDataset):
    pass


class ImageNet(ImageFolder):
    pass


class CelebA(VisionDataset):
    pass


class LSUN(VisionDataset):
    pass


class Omniglot(VisionDataset):
    pass


class CocoDetection(VisionDataset):
    pass


class CocoCaptions(VisionDataset):
    pass


class VOCSegmentation(VisionDataset):
    pass


class VOCDetection(VisionDataset):
    pass


class Cityscapes(VisionDataset):
    pass


class FakeData(VisionDataset):
    pass
