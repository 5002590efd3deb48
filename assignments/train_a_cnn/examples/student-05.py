"""Train a CNN: data, loss and schedule, a network of your own, the training loop, a leaderboard."""

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

# The name under which you want to stand on the leaderboard, at most 24 characters. Leave it empty,
# and you stand there under a number that tells nobody who you are.
LEADERBOARD_NAME = "Kernel panic"

# ---------------------------------------------------------------- 1. data


class Standardize(nn.Module):
    """The first layer of your network: (images - mean) / std, with one mean and std a channel."""

    def __init__(self, channels):
        """Before `fit`, mean is 0 and std is 1 for each of the channels."""
        super().__init__()
        self.register_buffer("mean", torch.zeros(channels))
        self.register_buffer("std", torch.ones(channels))

    def fit(self, images):
        """Learn mean and std of each channel, over all images, rows and columns."""
        images = torch.as_tensor(images, dtype=self.mean.dtype)
        std = images.std(dim=(0, 2, 3), correction=0)
        self.mean.copy_(images.mean(dim=(0, 2, 3)))
        self.std.copy_(torch.where(std > 1e-6, std, 1.0))

    def forward(self, images):
        """Return the standardized images; here they are a tensor (N, C, H, W) of float32."""
        return (images - self.mean[:, None, None]) / self.std[:, None, None]


def mirror(images, seed):
    import random

    draw = random.Random(seed)
    return np.array([img[:, :, ::-1] if draw.random() < 0.5 else img for img in images])


def random_crop(images, padding, seed):
    """Return a random window of each image, of the image's own size, after padding it with zeros."""
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
    """Return the batches of one epoch: a list of index arrays."""
    order = np.random.default_rng(seed).permutation(samples)
    return [order[start : start + batch_size] for start in range(0, samples, batch_size)]


# ---------------------------------------------------------------- 2. loss and schedule


def smoothed_cross_entropy(logits, labels, smoothing=0.0):
    total = 0
    N, C = logits.shape
    for i in range(N):
        s = logits[i] - logits[i].max()
        log_p = s - torch.log(torch.exp(s).sum())
        for c in range(C):
            target = smoothing / C
            if c == int(labels[i]):
                target = target + 1 - smoothing
            total = total - target * log_p[c]
    return total / N


def learning_rate(step, steps, peak, warmup):
    """Return the learning rate of a step, counted from 0, of `steps` in all."""
    if step < warmup:
        return peak * (step + 1) / warmup
    t = (step - warmup) / (steps - warmup)
    return float(peak * (1 + np.cos(np.pi * t)) / 2)


def accuracy(logits, labels):
    right = 0
    for i in range(len(labels)):
        if int(torch.argmax(logits[i])) == int(labels[i]):
            right += 1
    return right / len(labels)


# ---------------------------------------------------------------- 3. the network


def build_network(channels, classes, size):
    """Return a network of your own for images (N, channels, size, size): an nn.Module."""
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
    """Return how many numbers the network's parameters hold: an int."""
    return sum(parameter.numel() for parameter in network.parameters())


# ---------------------------------------------------------------- 4. one step, and predictions


def train_step(network, optimizer, images, labels, smoothing=0.0):
    """Take one step of the optimizer on one batch; return the loss before the step, a float."""
    network.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(network(images), labels, label_smoothing=smoothing)
    loss.backward()
    optimizer.step()
    return loss.item()


def predict(network, images):
    """Return the most likely class of each image, (N,) integers."""
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
        """Take `steps` further steps and return the loss of each: a list of floats."""
        images, labels = np.asarray(images, dtype=np.float32), np.asarray(labels)
        if self.done == 0:
            self.network[0].fit(images)
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
