"""Learned group convolution: which inputs a group reads is learned (Huang et al. 2018).

In training it is a 1x1 convolution from which connections are pruned in stages; for testing it
becomes an index layer and an ordinary group convolution with the same output. A convolution from R
to O channels costs `R O` multiply-adds at each pixel, one in G groups `R O / G` (not G times
as much, as the homework's answer has it).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from reference.arrays import check_count


class LearnedGroupConvolution(nn.Module):
    """The training form: 1x1 convolution whose outputs, in G groups, share a mask of inputs.

    (N, R, H, W) to (N, O, H, W). Output o belongs to group `o // (O / G)`. Each of the C - 1
    condensations takes from every group the R / C remaining inputs of least importance; R / C
    inputs are left at the end. An input may stay in several groups or in none.
    """

    mask: Tensor

    def __init__(
        self, in_channels: int, out_channels: int, *, groups: int, condensation_factor: int
    ) -> None:
        super().__init__()
        self.in_channels = check_count(in_channels, "in_channels")
        self.out_channels = check_count(out_channels, "out_channels")
        self.groups = check_count(groups, "groups")
        self.condensation_factor = check_count(condensation_factor, "condensation_factor")
        if out_channels % groups or in_channels % condensation_factor:
            raise ValueError(
                f"groups must divide out_channels and condensation_factor in_channels, got "
                f"{out_channels} outputs in {groups} groups and {in_channels} inputs with factor "
                f"{condensation_factor}: change the widths or the factors"
            )
        self.weight = nn.Parameter(torch.empty(out_channels, in_channels, 1, 1))
        nn.init.kaiming_normal_(self.weight)
        self.register_buffer("mask", torch.ones(groups, in_channels))
        self.stages_done = 0

    def forward(self, x: Tensor) -> Tensor:
        """Return the convolution with the connections that are left."""
        return functional.conv2d(x, self.weight * self.weight_mask())

    def weight_mask(self) -> Tensor:
        """Return 1 for each kept weight and 0 for each pruned one, of shape (O, R, 1, 1)."""
        per_output = self.mask.repeat_interleave(self.out_channels // self.groups, dim=0)
        return per_output[:, :, None, None]

    def importance(self) -> Tensor:
        """Return the L1 norm of each input's weights into each group, of shape (G, R)."""
        grouped = self.weight.abs().view(self.groups, -1, self.in_channels)
        return grouped.sum(dim=1)

    def inputs_kept(self) -> int:
        """Return how many inputs each group still reads."""
        step = self.in_channels // self.condensation_factor
        return self.in_channels - self.stages_done * step

    def get_extra_state(self) -> int:
        """Return the number of condensations, so that a checkpoint can be resumed."""
        return self.stages_done

    def set_extra_state(self, state: int) -> None:
        """Take the number of condensations of a checkpoint."""
        self.stages_done = state

    @torch.no_grad()
    def condense(self) -> None:
        """Prune R / C more inputs from each group. Raises `ValueError` after C - 1 stages."""
        if self.stages_done >= self.condensation_factor - 1:
            raise ValueError(
                f"a condensation factor of {self.condensation_factor} allows "
                f"{self.condensation_factor - 1} condensations, all are done: train on, or convert"
            )
        # Pruned inputs rank behind everything; what is kept is counted, not thresholded, so that
        # every group ends with the same number and forms one ordinary group convolution.
        self.stages_done += 1
        remaining = self.importance().masked_fill(self.mask == 0, -1.0)
        kept = remaining.topk(self.inputs_kept(), dim=1).indices
        self.mask = torch.zeros_like(self.mask).scatter_(1, kept, 1.0)

    def group_lasso(self) -> Tensor:
        """Return sum over groups and inputs of the L2 norm of the weights between them.

        Added to the loss, it drives all weights of one input into one group to zero together.
        """
        weight = self.weight * self.weight_mask()
        squares = weight.square().view(self.groups, -1, self.in_channels).sum(dim=1)
        # The root has no gradient at 0, where pruned weights are: leave those out.
        return squares[self.mask > 0].sqrt().sum()

    @torch.no_grad()
    def standard_form(self) -> IndexedGroupConvolution:
        """Return the testing form, an index layer and a group convolution of equal output.

        Raises `ValueError` before all C - 1 condensations are done.
        """
        if self.stages_done < self.condensation_factor - 1:
            raise ValueError(
                f"all {self.condensation_factor - 1} condensations must be done before the "
                f"conversion, got {self.stages_done}: call condense() first"
            )
        kept = self.inputs_kept()
        index = self.mask.topk(kept, dim=1).indices.sort(dim=1).values
        outputs_per_group = self.out_channels // self.groups
        blocks = self.weight.view(self.groups, outputs_per_group, self.in_channels)
        chosen = blocks.gather(2, index[:, None, :].expand(-1, outputs_per_group, -1))
        converted = IndexedGroupConvolution(index.flatten(), self.out_channels, self.groups)
        converted.conv.weight = nn.Parameter(chosen.reshape(self.out_channels, kept, 1, 1))
        return converted


class IndexedGroupConvolution(nn.Module):
    """The testing form: pick the inputs of each group, then a group convolution.

    (N, R, H, W) to (N, O, H, W); `index` has G R / C entries and may repeat or omit inputs.
    """

    index: Tensor

    def __init__(self, index: Tensor, out_channels: int, groups: int) -> None:
        super().__init__()
        self.register_buffer("index", index)
        self.conv = nn.Conv2d(index.numel(), out_channels, 1, groups=groups, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """Return the group convolution of the chosen inputs."""
        out: Tensor = self.conv(x.index_select(1, self.index))
        return out


def condensing_epochs(epochs: int, condensation_factor: int) -> tuple[int, ...]:
    """Return after which epochs to condense: C - 1 times, evenly over the first half.

    300 epochs with C = 4 give 50, 100 and 150. The second half trains what is left. Raises
    `ValueError` when the half is too short for C - 1 stages.
    """
    stages = check_count(condensation_factor, "condensation_factor") - 1
    half = check_count(epochs, "epochs") // 2
    if stages > half:
        raise ValueError(
            f"the first half of {epochs} epochs must hold {stages} condensations: train longer "
            "or use a smaller factor"
        )
    return tuple(half * stage // stages for stage in range(1, stages + 1))
