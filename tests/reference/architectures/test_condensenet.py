import numpy as np
import pytest
import torch
from torch import nn

from reference.architectures.condensenet import (
    CondenseLayer,
    condense,
    condensenet,
    group_lasso,
    standard_form,
)
from reference.architectures.learned_groups import (
    IndexedGroupConvolution,
    LearnedGroupConvolution,
    condensing_epochs,
)


def learned(groups: int = 2, factor: int = 4) -> LearnedGroupConvolution:
    torch.manual_seed(3)
    return LearnedGroupConvolution(8, 6, groups=groups, condensation_factor=factor).double()


def condensed(groups: int = 2, factor: int = 4) -> LearnedGroupConvolution:
    layer = learned(groups, factor)
    for _ in range(factor - 1):
        layer.condense()
    return layer


def test_before_condensing_it_is_an_ordinary_convolution() -> None:
    layer = learned()
    x = torch.randn(2, 8, 3, 3, dtype=torch.float64)
    torch.testing.assert_close(layer(x), nn.functional.conv2d(x, layer.weight))


def test_each_stage_prunes_the_inputs_of_least_l1_norm_from_each_group() -> None:
    layer = learned()
    weight = layer.weight.detach().numpy()[:, :, 0, 0].copy()
    alive = np.ones((2, 8), dtype=bool)
    for stage in range(1, 4):
        layer.condense()
        for group in range(2):
            norms = np.abs(weight[3 * group : 3 * group + 3]).sum(axis=0)
            norms[~alive[group]] = np.inf
            alive[group, np.argsort(norms)[:2]] = False
        np.testing.assert_array_equal(layer.mask.numpy() > 0, alive)
        assert layer.inputs_kept() == 8 - 2 * stage


@pytest.mark.parametrize("groups", [1, 2, 3, 6])
@pytest.mark.parametrize("factor", [1, 2, 4])
def test_an_rth_part_of_the_inputs_is_left_whatever_the_groups(groups: int, factor: int) -> None:
    layer = condensed(groups, factor)
    np.testing.assert_array_equal(layer.mask.sum(dim=1).numpy(), 8 // factor)
    assert int(layer.weight_mask().sum()) == 8 * 6 // factor


@pytest.mark.parametrize("groups", [1, 2, 3, 6])
@pytest.mark.parametrize("factor", [1, 2, 4, 8])
def test_standard_form_has_equal_outputs(groups: int, factor: int) -> None:
    layer = condensed(groups, factor)
    converted = layer.standard_form()
    x = torch.randn(3, 8, 4, 5, dtype=torch.float64)
    torch.testing.assert_close(converted(x), layer(x), rtol=1e-12, atol=1e-12)
    assert converted.conv.weight.shape == (6, 8 // factor, 1, 1)
    assert converted.index.shape == (groups * 8 // factor,)


def test_groups_may_share_an_input_or_leave_one_out() -> None:
    layer = learned(groups=2, factor=2)
    with torch.no_grad():
        layer.weight[:, :4] *= 100
    layer.condense()
    assert (layer.mask[:, :4] == 1).all() and (layer.mask[:, 4:] == 0).all()
    np.testing.assert_array_equal(layer.standard_form().index.numpy(), [0, 1, 2, 3, 0, 1, 2, 3])


def test_equal_norms_still_leave_every_group_as_many_inputs() -> None:
    layer = learned()
    nn.init.ones_(layer.weight)
    for _ in range(3):
        layer.condense()
    np.testing.assert_array_equal(layer.mask.sum(dim=1).numpy(), 2)


def test_pruned_weights_get_no_gradient_and_stay_pruned() -> None:
    layer = learned()
    layer.condense()
    x = torch.randn(4, 8, 3, 3, dtype=torch.float64)
    (layer(x).square().sum() + layer.group_lasso()).backward()
    pruned = layer.weight_mask() == 0
    assert layer.weight.grad is not None
    assert (layer.weight.grad[pruned] == 0).all() and torch.isfinite(layer.weight.grad).all()
    before = layer.mask.clone()
    layer.condense()
    assert (layer.mask <= before).all()


def test_group_lasso_sums_the_norms_of_each_inputs_weights_into_each_group() -> None:
    layer = learned()
    weight = layer.weight.detach().numpy()[:, :, 0, 0]
    expected = sum(
        np.sqrt((weight[3 * group : 3 * group + 3, j] ** 2).sum())
        for group in range(2)
        for j in range(8)
    )
    assert layer.group_lasso().item() == pytest.approx(expected)


def test_checkpoint_restores_mask_and_stage() -> None:
    layer = learned()
    layer.condense()
    other = LearnedGroupConvolution(8, 6, groups=2, condensation_factor=4).double()
    other.load_state_dict(layer.state_dict())
    assert other.inputs_kept() == 6
    torch.testing.assert_close(other.mask, layer.mask)


def test_network_trained_and_condensed_converts_with_equal_outputs() -> None:
    torch.manual_seed(0)
    network = condensenet((2, 2), (8, 16), condensation_factor=4, classes=5).double()
    optimizer = torch.optim.SGD(network.parameters(), lr=0.05, momentum=0.9)
    images = torch.randn(16, 3, 8, 8, dtype=torch.float64)
    labels = torch.arange(16) % 5
    losses = []
    for epoch in range(1, 13):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(network(images), labels)
        losses.append(loss.item())
        (loss + 1e-5 * group_lasso(network)).backward()
        optimizer.step()
        if epoch in condensing_epochs(12, 4):
            condense(network)
    network.eval()
    converted = standard_form(network)
    torch.testing.assert_close(converted(images), network(images), rtol=1e-10, atol=1e-12)
    assert losses[-1] < losses[0]
    assert not any(isinstance(m, LearnedGroupConvolution) for m in converted.modules())
    assert sum(isinstance(m, IndexedGroupConvolution) for m in converted.modules()) == 4
    assert any(isinstance(m, LearnedGroupConvolution) for m in network.modules())


def test_later_blocks_read_the_maps_of_all_earlier_ones_and_grow_twice_as_fast() -> None:
    network = condensenet((2, 2, 2), (8, 16, 32))
    layers = [m for m in network if isinstance(m, CondenseLayer)]
    inputs = [layer.layers[0].num_features for layer in layers]
    assert inputs == [16, 24, 32, 48, 64, 96]
    pools = [m for m in network if isinstance(m, nn.AvgPool2d)]
    assert len(pools) == 2


def test_shuffle_feeds_every_group_of_the_3x3_layer_from_all_learned_groups() -> None:
    layer = CondenseLayer(16, 8, groups=4, condensation_factor=4)
    shuffle = layer.layers[3]
    learned_group = torch.arange(32).div(8, rounding_mode="floor").float()
    shuffled = shuffle(learned_group.view(1, 32, 1, 1)).view(4, 8)
    for group in shuffled:
        assert set(group.tolist()) == {0.0, 1.0, 2.0, 3.0}


def test_condensing_epochs_lie_evenly_in_the_first_half() -> None:
    assert condensing_epochs(300, 4) == (50, 100, 150)
    assert condensing_epochs(10, 1) == ()
    with pytest.raises(ValueError, match="the first half of 10 epochs must hold 7 condensations"):
        condensing_epochs(10, 8)


def test_wrong_arguments_are_refused() -> None:
    with pytest.raises(ValueError, match="groups must divide out_channels"):
        LearnedGroupConvolution(8, 6, groups=4, condensation_factor=4)
    with pytest.raises(ValueError, match="condensation_factor in_channels"):
        LearnedGroupConvolution(8, 6, groups=2, condensation_factor=3)
    layer = condensed()
    with pytest.raises(ValueError, match="allows 3 condensations, all are done"):
        layer.condense()
    with pytest.raises(ValueError, match="all 3 condensations must be done before the conversion"):
        learned().standard_form()
    with pytest.raises(ValueError, match="make them equally long"):
        condensenet((1, 2), (8,))
    with pytest.raises(ValueError, match="network must hold a learned group convolution"):
        group_lasso(nn.Linear(2, 2))
