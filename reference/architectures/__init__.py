"""Architectures of the course, LeNet-5 to CondenseNet.

The modules import torch (except `pattern` and the networks in numpy layers), so import each by its
name: `from reference.architectures.vgg import vgg`. `catalogue` lists all of them with their
input shapes. Shapes are (C, H, W), without the batch axis. Weights are torch's default ones, drawn
from torch's global generator; `weights.he_initialize` draws them from a generator of the caller's.
"""
