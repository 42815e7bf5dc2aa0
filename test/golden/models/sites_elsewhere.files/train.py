import argparse
import lightning_of_some_kind as lightning

from defaults import DEPTH
from sites_elsewhere import Critic, build


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--features", type=int, default=20)
    parser.add_argument("--hidden", type=int, default=40)
    parser.add_argument("--checkpoint", required=True)
    return parser.parse_args()


def main(args):
    data = lightning.load(args.checkpoint)
    model = build(args)
    critic = Critic(data.width)
    lightning.fit(model, critic, data)


if __name__ == "__main__":
    main(parse())
