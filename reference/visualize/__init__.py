"""Looking into a network: numbers first, and drawings of them (tutorial part 3; slides s.205-209).

The functions that compute return arrays or small records; those named `draw_...` make a
`matplotlib.figure.Figure` of them and never touch pyplot's global state. Networks come in as plain
functions from images (N, C, H, W) to an array, so numpy and torch are served alike; `numpy_layer`
and `torch_layer` make such a function of a network and the name of a layer.
"""

from reference.visualize.activity import (
    Exciting,
    Histogram,
    UnitActivity,
    activation_histograms,
    exciting_patches,
    most_exciting,
    unit_activity,
)
from reference.visualize.embedding import grid_layout, tsne
from reference.visualize.filters import (
    affine_filters,
    filter_images,
    roughness,
    unit_range_images,
)
from reference.visualize.layer_outputs import LayerOutput, numpy_layer, torch_layer
from reference.visualize.occlusion import (
    OcclusionScores,
    occlusion_map,
    occlusion_scores,
    pixel_heat,
)
from reference.visualize.pictures import (
    draw_activation_maps,
    draw_embedding,
    draw_exciting,
    draw_filters,
    draw_heat_map,
)
from reference.visualize.plots import (
    Series,
    draw_activation_histograms,
    draw_loss_curves,
    draw_ratio_curves,
    loss_series,
    ratio_series,
)
from reference.visualize.tiling import tile, tile_at

__all__ = [
    "Exciting",
    "Histogram",
    "LayerOutput",
    "OcclusionScores",
    "Series",
    "UnitActivity",
    "activation_histograms",
    "affine_filters",
    "draw_activation_histograms",
    "draw_activation_maps",
    "draw_embedding",
    "draw_exciting",
    "draw_filters",
    "draw_heat_map",
    "draw_loss_curves",
    "draw_ratio_curves",
    "exciting_patches",
    "filter_images",
    "grid_layout",
    "loss_series",
    "most_exciting",
    "numpy_layer",
    "occlusion_map",
    "occlusion_scores",
    "pixel_heat",
    "ratio_series",
    "roughness",
    "tile",
    "tile_at",
    "torch_layer",
    "tsne",
    "unit_activity",
    "unit_range_images",
]
