"""The layers of a convolutional network: forward passes, and backward passes beside them.

Every `..._forward` returns (out, cache) and every `..._backward(dout, cache)` the gradients, `dout`
being the gradient of the loss with respect to `out`. Images are (N, C, H, W), filters
(F, C/groups, KH, KW), as in torch; float32 stays float32, float64 stays float64, integers become
float64.
"""

from reference.layers.adaptive_pooling import (
    adaptive_average_pool2d_backward,
    adaptive_average_pool2d_forward,
    adaptive_max_pool2d_backward,
    adaptive_max_pool2d_forward,
    adaptive_spans,
    global_average_pool_backward,
    global_average_pool_forward,
)
from reference.layers.affine import (
    LayerGradients,
    affine_backward,
    affine_forward,
    flatten_backward,
    flatten_forward,
)
from reference.layers.convolution import conv2d_backward, conv2d_forward
from reference.layers.convolution_as_affine import (
    affine_weight_to_filters,
    convolution_matrix,
    filters_to_affine_weight,
)
from reference.layers.convolution_naive import conv2d_naive_backward, conv2d_naive_forward
from reference.layers.convolution_transposed import (
    conv_transpose2d_backward,
    conv_transpose2d_forward,
)
from reference.layers.correlation import (
    BLUR,
    SOBEL_X,
    SOBEL_Y,
    convolve1d_forward,
    convolve2d_forward,
    correlate1d_forward,
    correlate2d_forward,
    correlation_backward,
)
from reference.layers.fractional_pooling import (
    fractional_max_pool2d_average,
    fractional_max_pool2d_backward,
    fractional_max_pool2d_forward,
    fractional_spans,
)
from reference.layers.geometry import (
    ReceptiveField,
    Rounding,
    Window,
    affine_parameter_count,
    convolution_parameter_count,
    output_size,
    receptive_fields,
    same_padding,
    transposed_output_size,
)
from reference.layers.local_response import (
    local_response_norm_backward,
    local_response_norm_forward,
)
from reference.layers.patches import col2im, im2col
from reference.layers.pooling import (
    average_pool2d_backward,
    average_pool2d_forward,
    l2_pool2d_backward,
    l2_pool2d_forward,
    max_pool2d_backward,
    max_pool2d_forward,
)

__all__ = [
    "BLUR",
    "SOBEL_X",
    "SOBEL_Y",
    "LayerGradients",
    "ReceptiveField",
    "Rounding",
    "Window",
    "adaptive_average_pool2d_backward",
    "adaptive_average_pool2d_forward",
    "adaptive_max_pool2d_backward",
    "adaptive_max_pool2d_forward",
    "adaptive_spans",
    "affine_backward",
    "affine_forward",
    "affine_parameter_count",
    "affine_weight_to_filters",
    "average_pool2d_backward",
    "average_pool2d_forward",
    "col2im",
    "conv2d_backward",
    "conv2d_forward",
    "conv2d_naive_backward",
    "conv2d_naive_forward",
    "conv_transpose2d_backward",
    "conv_transpose2d_forward",
    "convolution_matrix",
    "convolution_parameter_count",
    "convolve1d_forward",
    "convolve2d_forward",
    "correlate1d_forward",
    "correlate2d_forward",
    "correlation_backward",
    "filters_to_affine_weight",
    "flatten_backward",
    "flatten_forward",
    "fractional_max_pool2d_average",
    "fractional_max_pool2d_backward",
    "fractional_max_pool2d_forward",
    "fractional_spans",
    "global_average_pool_backward",
    "global_average_pool_forward",
    "im2col",
    "l2_pool2d_backward",
    "l2_pool2d_forward",
    "local_response_norm_backward",
    "local_response_norm_forward",
    "max_pool2d_backward",
    "max_pool2d_forward",
    "output_size",
    "receptive_fields",
    "same_padding",
    "transposed_output_size",
]
