"""What `learn_speed.py` runs in the Python that has the peers: an epoch of the same network in PyTorch or scikit-learn.

    python learn_peers.py PEER FOLDER SIZES BATCH EPOCHS THREADS      PEER is torch or sklearn, SIZES such as 784,30,10

FOLDER has `images.npy` (n, inputs) in float32 and `labels.npy` (n,). One line of JSON comes back: the seconds of each
epoch and the version. Plain gradient descent in float32, sigmoid hidden neurons. Nothing of ours is imported here.
"""

from __future__ import annotations

import itertools
import json
import sys
import time
import warnings

import numpy as np


def torch_epochs(images, labels, sizes, batch, epochs, threads):
    """PyTorch's layers and optimiser, quadratic cost, the images as one tensor and the order drawn by randperm."""
    import torch

    torch.set_num_threads(threads)
    torch.manual_seed(0)
    x, y = torch.from_numpy(images), torch.nn.functional.one_hot(torch.from_numpy(labels), sizes[-1]).float()
    parts = []
    for n_in, n_out in itertools.pairwise(sizes):
        parts += [torch.nn.Linear(n_in, n_out), torch.nn.Sigmoid()]
    network = torch.nn.Sequential(*parts)
    optimizer = torch.optim.SGD(network.parameters(), lr=3.0)
    times = []
    for _ in range(epochs):
        started = time.perf_counter()
        order = torch.randperm(len(x))
        for start in range(0, len(x), batch):
            rows = order[start : start + batch]
            optimizer.zero_grad()
            cost = ((network(x[rows]) - y[rows]) ** 2).sum() / (2 * len(rows))
            cost.backward()
            optimizer.step()
        times.append(time.perf_counter() - started)
    return times, torch.__version__


def sklearn_epochs(images, labels, sizes, batch, epochs, threads):
    """MLPClassifier without momentum and penalty; its outputs are a softmax and its cost the log-likelihood."""
    import sklearn
    from sklearn.neural_network import MLPClassifier
    from threadpoolctl import threadpool_limits

    warnings.simplefilter("ignore")  # it was told to stop before it has converged
    model = MLPClassifier(
        tuple(sizes[1:-1]),
        activation="logistic",
        solver="sgd",
        alpha=0,
        batch_size=batch,
        learning_rate_init=0.5,
        momentum=0,
        max_iter=1,
        warm_start=True,
        random_state=0,
    )
    times = []
    with threadpool_limits(threads):
        for _ in range(epochs):
            started = time.perf_counter()
            model.fit(images, labels)
            times.append(time.perf_counter() - started)
    return times, sklearn.__version__


def main():
    """Measure the peer that the arguments name."""
    peer, folder, sizes, batch, epochs, threads = sys.argv[1:]
    images, labels = np.load(f"{folder}/images.npy"), np.load(f"{folder}/labels.npy")
    run = {"torch": torch_epochs, "sklearn": sklearn_epochs}[peer]
    wide = [int(size) for size in sizes.split(",")]
    times, version = run(images, labels, wide, int(batch), int(epochs), int(threads))
    print(json.dumps({"seconds": times, "version": version}))


if __name__ == "__main__":
    main()
