"""What counts as a model: call sites, factories, instances; parts of other models do not."""
import argparse

import torch
import torch.nn as nn


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.fc = nn.Linear(width, width)

    def forward(self, x):
        return x + self.fc(x).relu()


class Net(nn.Module):
    def __init__(self, width, blocks):
        super().__init__()
        self.blocks = nn.Sequential(*[Block(width) for _ in range(blocks)])

    def forward(self, x):
        return self.blocks(x)


class Critic(nn.Module):
    def __init__(self, observations, actions=2):
        super().__init__()
        self.fc = nn.Linear(observations + actions, 1)

    def forward(self, o, a):
        return self.fc(torch.cat([o, a], -1))


def tiny():
    return Net(4, blocks=1)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--width", type=int, default=6)
    args = parser.parse_args()
    net = Net(args.width, blocks=2)
    print(net(torch.randn(5, 6)))


if __name__ == "__main__":
    main()
