"""C3 inheritance, both spellings of super(), methods that subclasses replace."""
import torch.nn as nn


class Base(nn.Module):
    def __init__(self, width):
        super(Base, self).__init__()
        self.width = width
        self.body = self.make_body()
        self.head = nn.Linear(width, 10)

    def make_body(self):
        return nn.Linear(self.width, self.width)

    def forward(self, x):
        return self.head(self.body(x))


class Dropped:
    def __init__(self, *args, p=0.5, **kwargs):
        super().__init__(*args, **kwargs)
        self.dropout = nn.Dropout(p)

    def forward(self, x):
        return super().forward(self.dropout(x))


class Net(Dropped, Base):
    def __init__(self):
        super().__init__(32, p=0.1)
        self.extra = nn.Linear(10, 2, bias=False)

    def make_body(self):
        return nn.Sequential(super().make_body(), nn.ReLU())

    def forward(self, x):
        return self.extra(super().forward(x))
