import argparse

from models.encoder import Encoder

parser = argparse.ArgumentParser()
parser.add_argument("--hidden", type=int, default=24)


def main():
    args = parser.parse_args()
    return Encoder(28 * 28, hidden=args.hidden)
