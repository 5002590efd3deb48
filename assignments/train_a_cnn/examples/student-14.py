"""Train a CNN: data, loss and schedule, a network of your own, the training loop, a leaderboard.

Write your code where a function raises NotImplementedError. Keep the names and the arguments.
You may add functions and classes of your own. Use torch, and numpy where you like.

Images (N, C, H, W) and labels (N,) arrive as numpy arrays, unless a text says “tensors”; turn them
into tensors where you need some (`torch.as_tensor`). Answers may be tensors or arrays. No function
may change its arguments. Where a function takes a `seed`, the same seed gives the same answer.
"""

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

# The name under which you want to stand on the leaderboard, at most 24 characters. Leave it empty,
# and you stand there under a number that tells nobody who you are.
LEADERBOARD_NAME = ""

# ---------------------------------------------------------------- 1. data


class Standardize(nn.Module):
    """The first layer of your network: (images - mean) / std, with one mean and std a channel.

    The statistics are those of the training images, learned once by `fit`. They belong to what
    the network has learned, so they are buffers (`register_buffer`) and part of its
    `state_dict()`; they are no parameters and get no gradient.
    """

    def __init__(self, channels):
        """Before `fit`, mean is 0 and std is 1 for each of the channels."""
        super().__init__()
        self.register_buffer("mean", torch.zeros(channels))
        self.register_buffer("std", torch.ones(channels))

    def fit(self, images):
        """Learn mean and std of each channel, over all images, rows and columns.

        The variance may be divided by the number of pixels or by one less. A channel that is
        constant gets std 1.
        """
        images = torch.as_tensor(images, dtype=self.mean.dtype)
        std = images.std(dim=(0, 2, 3), correction=0)
        self.mean.copy_(images.mean(dim=(0, 2, 3)))
        self.std.copy_(torch.where(std > 1e-6, std, 1.0))

    def forward(self, images):
        """Return the standardized images; here they are a tensor (N, C, H, W) of float32."""
        return (images - self.mean[:, None, None]) / self.std[:, None, None]


def mirror(images, seed):
    """Return the images, each mirrored left to right with probability 1/2, each on its own."""
    images = np.asarray(images)
    chosen = np.random.default_rng(seed).random(len(images)) < 0.5
    return np.where(chosen[:, None, None, None], images[..., ::-1], images)


def random_crop(images, padding, seed):
    """Return a random window of each image, of the image's own size, after padding it with zeros.

    Put `padding` zeros on all four sides, (N, C, H + 2 padding, W + 2 padding), then cut out a
    window (H, W). Its place is drawn for each image on its own; all (2 padding + 1)^2 places are
    equally likely, and all channels of an image get the same one.
    """
    images = np.asarray(images)
    height, width = images.shape[2:]
    edges = ((0, 0), (0, 0), (padding, padding), (padding, padding))
    padded = np.pad(images, edges)
    places = np.random.default_rng(seed).integers(0, 2 * padding + 1, (len(images), 2))
    windows = [
        image[:, row : row + height, column : column + width]
        for image, (row, column) in zip(padded, places, strict=True)
    ]
    return np.stack(windows)


def minibatches(samples, batch_size, seed):
    """Return the batches of one epoch: a list of index arrays.

    Shuffle 0 .. samples - 1 and cut them into batches of `batch_size`; what is left over makes a
    smaller last batch. Each index stands in one batch, once. `seed` says how to shuffle.
    """
    order = np.random.default_rng(seed).permutation(samples)
    return [order[start : start + batch_size] for start in range(0, samples, batch_size)]


# ---------------------------------------------------------------- 2. loss and schedule


def smoothed_cross_entropy(logits, labels, smoothing=0.0):
    """Cross-entropy with label smoothing, the mean over the batch: a tensor that can backward().

    logits: a tensor (N, C) of floats; labels: a tensor (N,) of integers. With K = C classes the
    target of the true class is 1 - smoothing + smoothing / K, that of each other class
    smoothing / K; the loss of a sample is -sum over the classes of target * log p, where p is the
    softmax of its logits. Must be right for logits of +-1000 too.
    """
    log_p = F.log_softmax(logits, dim=1)
    true = log_p[torch.arange(len(labels)), labels.long()]
    return -((1 - smoothing) * true + smoothing * log_p.mean(dim=1)).mean()


def learning_rate(step, steps, peak, warmup):
    """Return the learning rate of a step, counted from 0, of `steps` in all.

    In the first `warmup` steps it grows in a straight line, peak * (step + 1) / warmup. Then it
    falls along half a cosine, peak * (1 + cos(pi * t)) / 2, with
    t = (step - warmup) / (steps - warmup). `warmup` may be 0.
    """
    if step < warmup:
        return peak * (step + 1) / warmup
    t = (step - warmup) / (steps - warmup)
    return float(peak * (1 + np.cos(np.pi * t)) / 2)


def accuracy(logits, labels):
    """Return the share of the samples whose largest logit is that of their label, from 0 to 1.

    logits: a tensor (N, C); labels: a tensor (N,). Returns a Python number.
    """
    return float((logits.argmax(dim=1) == labels).float().mean())


# ---------------------------------------------------------------- 3. the network


def build_network(channels, classes, size):
    """Return a network of your own for images (N, channels, size, size): an nn.Module.

    It gives logits (N, classes). All it has learned is in its `state_dict()`, buffers included,
    and must be at most 20,000 numbers for digits (1 channel, size 8), 60,000 for MNIST (1, 28)
    and 300,000 for CIFAR-10 (3, 32). Its first layer is `Standardize`. Before training all
    classes are about equally likely, so the loss is about ln(classes).
    """
    widths = {8: (24, 48), 28: (16, 32, 64)}.get(size, (32, 64, 96))
    layers = [Standardize(channels)]
    inputs = channels
    for outputs in widths:
        layers += [
            nn.Conv2d(inputs, outputs, 3, padding=1, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(),
            nn.MaxPool2d(2),
        ]
        inputs = outputs
    last = nn.Linear(inputs * (size // 2 ** len(widths)) ** 2, classes)
    nn.init.normal_(last.weight, std=0.01)
    nn.init.zeros_(last.bias)
    return nn.Sequential(*layers, nn.Flatten(), last)


def count_parameters(network):
    """Return how many numbers the network's parameters hold: an int.

    Weights and biases of all layers, also those inside other modules. Buffers (as the running
    means of batch normalization) do not count here. A tensor that two layers share counts once.
    """
    return sum(parameter.numel() for parameter in network.parameters())


# ---------------------------------------------------------------- 4. one step, and predictions


def train_step(network, optimizer, images, labels, smoothing=0.0):
    """Take one step of the optimizer on one batch; return the loss before the step, a float.

    images: a tensor (N, C, H, W); labels: a tensor (N,). The network is in training mode, the
    gradients are those of this batch alone, and the loss is `smoothed_cross_entropy`.
    """
    network.train()
    optimizer.zero_grad()
    loss = smoothed_cross_entropy(network(images), labels, smoothing)
    loss.backward()
    optimizer.step()
    return loss.item()


def predict(network, images):
    """Return the most likely class of each image, (N,) integers.

    The network is in evaluation mode: the label of an image does not depend on the others, and
    asking changes nothing in the network. There may be thousands of images: look at a few hundred
    at a time, and without gradients.
    """
    network.eval()
    device = next(network.parameters()).device
    with torch.no_grad():
        parts = [
            network(part.to(device)).argmax(dim=1)
            for part in torch.as_tensor(images, dtype=torch.float32).split(500)
        ]
    return torch.cat(parts).cpu().numpy()


# ---------------------------------------------------------------- 5. training


class Trainer:
    """Trains one network: keeps its optimizer and how many steps it has taken."""

    def __init__(self, network, steps, device="cpu"):
        """Move the network to the device, and get ready for `steps` training steps in all."""
        self.network = network.to(device)
        self.steps = steps
        self.device = device
        self.done = 0
        self.batches = []
        self.epoch = 0
        self.optimizer = torch.optim.AdamW(network.parameters(), weight_decay=0.01)

    def train(self, images, labels, steps):
        """Take `steps` further steps and return the loss of each: a list of floats.

        Training may come in several stretches: each goes on where the last one ended, with the
        same optimizer, schedule and shuffled batches. The first stretch gives the images to the
        network's `Standardize` layer.
        """
        images, labels = np.asarray(images, dtype=np.float32), np.asarray(labels)
        if self.done == 0:
            self.network[0].fit(images)
        for layer in self.network.modules():
            if hasattr(layer, "reset_parameters"):
                layer.reset_parameters()
        losses = []
        for _ in range(steps):
            chosen = self._next_batch(len(images))
            batch = images[chosen]
            if images.shape[2] >= 28:
                batch = random_crop(batch, 2, self.done)
            if images.shape[1] == 3:  # a mirrored digit is no digit
                batch = mirror(batch, self.done)
            for group in self.optimizer.param_groups:
                group["lr"] = learning_rate(self.done, self.steps, 0.01, self.steps // 10)
            losses.append(
                train_step(
                    self.network,
                    self.optimizer,
                    torch.from_numpy(batch.copy()).to(self.device),
                    torch.from_numpy(labels[chosen]).to(self.device),
                )
            )
            self.done += 1
        return losses

    def _next_batch(self, samples):
        """The indices of the next batch; a new epoch where the last one is used up."""
        if not self.batches:
            self.batches = minibatches(samples, 64, self.epoch)
            self.epoch += 1
        return self.batches.pop(0)
