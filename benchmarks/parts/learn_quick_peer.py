"""What `learn_quick.py` runs in the Python that has PyTorch: the quickest way to a share of the test images.

    python learn_quick_peer.py FOLDER SHARE SEEDS THREADS

FOLDER has images.npy, labels.npy, test_images.npy and test_labels.npy. One line of JSON comes back: for each recipe and
seed the seconds of training until an epoch ends with that share or more, or null. Nothing of ours is imported here.
"""

from __future__ import annotations

import json
import sys
import time

import numpy as np
import torch
from torch import nn

# name -> (mini-batch, method, rate, epochs): our preset's recipe, and larger mini-batches, which suit PyTorch
RECIPES = {
    "batch 10, descent, rate 0.5 falling": (10, torch.optim.SGD, 0.5, 4),
    "batch 64, Adam 0.004 falling": (64, torch.optim.Adam, 0.004, 5),
    "batch 128, Adam 0.008 falling": (128, torch.optim.Adam, 0.008, 6),
    "batch 256, Adam 0.01 falling": (256, torch.optim.Adam, 0.01, 8),
}


def seconds_until(share, data, recipe, seed):
    """The seconds of training until an epoch ends with that share of the test images, or None."""
    images, labels, test_images, test_labels = data
    batch, method, rate, epochs = recipe
    torch.manual_seed(seed)
    network = nn.Sequential(nn.Linear(784, 100), nn.Sigmoid(), nn.Linear(100, 10))
    optimizer = method(network.parameters(), lr=rate)
    steps = epochs * -(-len(images) // batch)
    falling = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: max(0.0, 1 - step / steps))
    cost, spent = nn.CrossEntropyLoss(), 0.0
    for _ in range(epochs):
        started = time.perf_counter()
        order = torch.randperm(len(images))
        for start in range(0, len(images), batch):
            rows = order[start : start + batch]
            optimizer.zero_grad()
            cost(network(images[rows]), labels[rows]).backward()
            optimizer.step()
            falling.step()
        spent += time.perf_counter() - started
        with torch.no_grad():
            reached = (network(test_images).argmax(1) == test_labels).float().mean().item()
        if reached >= share:
            return spent
    return None


def main():
    """Run every recipe with every seed."""
    folder, share, seeds, threads = sys.argv[1:]
    torch.set_num_threads(int(threads))
    names = ("images", "labels", "test_images", "test_labels")
    data = [torch.from_numpy(np.load(f"{folder}/{name}.npy")) for name in names]
    told = {
        name: [seconds_until(float(share), data, recipe, seed) for seed in range(int(seeds))]
        for name, recipe in RECIPES.items()
    }
    print(json.dumps({"version": torch.__version__, "seconds": told}))


if __name__ == "__main__":
    main()
