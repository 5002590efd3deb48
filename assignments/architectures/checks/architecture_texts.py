"""What reports say of the wrong versions: name and hint in English, name and hint in Persian."""

from architecture_block_texts import BLOCK_TEXTS

from autograder.components import wrong_version

DROPOUT = "`nn.Dropout(0.5)` stands behind the ReLU of each of the two hidden layers, nowhere else."
DROPOUT_FA = "`nn.Dropout(0.5)` پس از ReLU هر یک از دو لایهٔ پنهان می‌آید و نه جای دیگر."

_ENDS = {
    "no_dropout": (
        "There is no dropout",
        DROPOUT,
        "دراپ‌اوت نیست",
        DROPOUT_FA,
    ),
    "one_dropout": (
        "Only the first hidden layer has dropout",
        DROPOUT,
        "تنها لایهٔ پنهان نخست دراپ‌اوت دارد",
        DROPOUT_FA,
    ),
    "dropout_of_scores": (
        "The scores are dropped too",
        DROPOUT,
        "نمره‌ها هم حذف می‌شوند",
        DROPOUT_FA,
    ),
    "linear_hidden": (
        "The hidden fully connected layers have no ReLU",
        "Without it, several linear layers are one: put a ReLU behind each hidden layer.",
        "لایه‌های تمام‌متصل پنهان ReLU ندارند",
        "بدون آن چند لایهٔ خطی یک لایه‌اند: پس از هر لایهٔ پنهان ReLU بگذارید.",
    ),
    "relu_of_scores": (
        "A ReLU stands behind the scores",
        "Scores may be negative: nothing stands behind the last layer.",
        "پس از نمره‌ها ReLU آمده است",
        "نمره می‌تواند منفی باشد: پس از لایهٔ آخر چیزی نمی‌آید.",
    ),
    "one_hidden": (
        "There is only one hidden fully connected layer",
        "Two with `hidden` outputs, then one with `classes`: fc6, fc7, fc8.",
        "تنها یک لایهٔ تمام‌متصل پنهان هست",
        "دو لایه با `hidden` خروجی و سپس یکی با `classes`: ‏fc6، fc7، fc8.",
    ),
}

TEXTS = {
    "output_size.always_down": (
        "`ceil` is not used",
        "With `ceil=True` a fraction is rounded up: `math.ceil`, or `-(-a // b)`.",
        "`ceil` به کار نرفته است",
        "با `ceil=True` کسر رو به بالا گرد می‌شود: `math.ceil` یا `-(-a // b)`.",
    ),
    "output_size.always_up": (
        "A fraction is always rounded up",
        "Round down unless `ceil=True`: `//` rounds down.",
        "کسر همیشه رو به بالا گرد شده است",
        "رو به پایین گرد کنید، مگر `ceil=True` باشد: `//` رو به پایین گرد می‌کند.",
    ),
    "layer_table.pooling": (
        "Poolings are given parameters",
        "A pooling learns nothing: 0 weights and 0 biases.",
        "برای ادغام‌ها پارامتر حساب شده است",
        "ادغام چیزی نمی‌آموزد: 0 وزن و 0 بایاس.",
    ),
    "layer_table.flattening": (
        "A fully connected layer is given one weight for each channel",
        "It reads every number of the volume: C * H * W inputs.",
        "برای لایهٔ تمام‌متصل تنها به شمار کانال‌ها وزن حساب شده است",
        "این لایه همهٔ عددهای حجم را می‌خواند: C * H * W ورودی.",
    ),
    "layer_table.rounded_up": (
        "Sizes are rounded up",
        "Here they are rounded down: the last window that does not fit is left out.",
        "اندازه‌ها رو به بالا گرد شده‌اند",
        "این‌جا رو به پایین گرد می‌شوند: پنجرهٔ آخری که جا نمی‌شود کنار می‌رود.",
    ),
    "network_totals.twice": (
        "Additions are counted beside the products",
        "One multiply-add for each product; two floating-point operations are one of them.",
        "جمع‌ها هم کنار ضرب‌ها شمرده شده‌اند",
        "هر ضرب یک ضرب و جمع است؛ دو عمل ممیز شناور یکی از آن‌هاست.",
    ),
    "network_totals.places": (
        "A convolution's weights are counted as if they were used once",
        "Each is used at every place of the output: multiply by its height and width.",
        "وزن‌های کانولوشن چنان شمرده شده‌اند که گویی یک بار به کار می‌روند",
        "هر وزن در همهٔ جاهای خروجی به کار می‌رود: در بلندی و پهنای آن ضرب کنید.",
    ),
    "network_totals.batch_axis": (
        "The places of a convolution are counted as the width squared",
        "Height times width: not every image is square.",
        "جاهای کانولوشن به اندازهٔ مربع پهنا شمرده شده‌اند",
        "بلندی ضرب در پهنا: هر تصویری مربع نیست.",
    ),
    "training_bytes.no_gradients": (
        "The gradients are left out",
        "Each parameter and each activation is held with its gradient.",
        "گرادیان‌ها نیامده‌اند",
        "هر پارامتر و هر فعال‌سازی کنار گرادیانش نگه داشته می‌شود.",
    ),
    "training_bytes.buffers": (
        "`buffers` is not used",
        "The optimizer holds `buffers` numbers for each parameter: 0 for SGD, 2 for Adam.",
        "`buffers` به کار نرفته است",
        "بهینه‌ساز برای هر پارامتر `buffers` عدد نگه می‌دارد: 0 برای SGD و 2 برای Adam.",
    ),
    "lenet5.not_padded": (
        "The first convolution is not padded",
        "28x28 stays 28x28 with padding 2; the last maps are then 5x5.",
        "کانولوشن نخست پدینگ ندارد",
        "با پدینگ 2 اندازهٔ 28x28 می‌ماند؛ آن‌گاه نقشه‌های آخر 5x5 هستند.",
    ),
    "lenet5.no_bias": (
        "The convolutions have no bias",
        "Each filter has one: 156 = (25 + 1) * 6 parameters in the first layer.",
        "کانولوشن‌ها بایاس ندارند",
        "هر فیلتر یکی دارد: لایهٔ نخست 156 = (25 + 1) * 6 پارامتر دارد.",
    ),
    "lenet5.relu": (
        "ReLUs stand in the place of sigmoids",
        "LeNet is older than the ReLU: `nn.Sigmoid()`.",
        "به جای سیگموئید ReLU آمده است",
        "شبکهٔ LeNet از ReLU کهن‌تر است: `nn.Sigmoid()`.",
    ),
    "lenet5.no_sigmoid": (
        "There are no sigmoids",
        "Without them the whole network is one linear layer.",
        "سیگموئید نیست",
        "بدون آن همهٔ شبکه یک لایهٔ خطی است.",
    ),
    "lenet5.linear_hidden": (
        "The hidden fully connected layers have no sigmoid",
        "The layers with 120 and 84 outputs have one each.",
        "لایه‌های تمام‌متصل پنهان سیگموئید ندارند",
        "لایه‌های با 120 و 84 خروجی هر یک سیگموئید دارند.",
    ),
    "lenet5.max_pooling": (
        "Max pooling stands in the place of average pooling",
        "LeNet averages: `nn.AvgPool2d(2, stride=2)`.",
        "به جای ادغام میانگین ادغام بیشینه آمده است",
        "شبکهٔ LeNet میانگین می‌گیرد: `nn.AvgPool2d(2, stride=2)`.",
    ),
    "lenet5.sigmoid_of_scores": (
        "A sigmoid stands behind the scores",
        "Nothing stands behind the last layer.",
        "پس از نمره‌ها سیگموئید آمده است",
        "پس از لایهٔ آخر چیزی نمی‌آید.",
    ),
    "lenet5.softmax_of_scores": (
        "A softmax stands behind the scores",
        "The loss has the softmax in it: return scores.",
        "پس از نمره‌ها softmax آمده است",
        "خود تابع هزینه softmax دارد: نمره‌ها را برگردانید.",
    ),
    "alexnet.small_poolings": (
        "The poolings are 2x2",
        "AlexNet's poolings overlap: 3x3 with stride 2. (The sizes are the same: 55, 27, 13, 6.)",
        "ادغام‌ها 2x2 هستند",
        "ادغام‌های AlexNet هم‌پوشان‌اند: 3x3 با گام 2. (اندازه‌ها همان‌اند: 55، 27، 13، 6.)",
    ),
    "alexnet.no_relu": (
        "The convolutions have no ReLU",
        "A ReLU stands behind each of the five.",
        "کانولوشن‌ها ReLU ندارند",
        "پس از هر یک از پنج کانولوشن ReLU می‌آید.",
    ),
    "alexnet.fifth_384": (
        "The fifth convolution has as many filters as the fourth",
        "It has `widths[4]`, 256: with 384 the network had 81,695,208 parameters.",
        "کانولوشن پنجم به شمار چهارمی فیلتر دارد",
        "شمار آن `widths[4]` یعنی 256 است: با 384 شبکه 81,695,208 پارامتر می‌داشت.",
    ),
    "alexnet.groups_ignored": (
        "`groups` is not used",
        "`nn.Conv2d(..., groups=groups)` in the second, fourth and fifth convolution.",
        "`groups` به کار نرفته است",
        "در کانولوشن‌های دوم، چهارم و پنجم: `nn.Conv2d(..., groups=groups)`.",
    ),
    "alexnet.third_grouped": (
        "The third convolution is grouped too",
        "There the two GPUs exchanged their maps: it reads all channels.",
        "کانولوشن سوم هم گروهی است",
        "آن‌جا دو GPU نقشه‌هایشان را مبادله می‌کردند: همهٔ کانال‌ها را می‌خواند.",
    ),
    "alexnet.no_bias": (
        "The convolutions have no bias",
        "Each filter has one: 34,944 = (363 + 1) * 96 parameters in the first layer.",
        "کانولوشن‌ها بایاس ندارند",
        "هر فیلتر یکی دارد: لایهٔ نخست 34,944 = (363 + 1) * 96 پارامتر دارد.",
    ),
    **{f"alexnet.{mistake}": words for mistake, words in _ENDS.items()},
    "vgg_block.no_relu": (
        "The convolutions have no ReLU",
        "Without it two 3x3 convolutions are one of 5x5: put a ReLU behind each.",
        "کانولوشن‌ها ReLU ندارند",
        "بدون آن دو کانولوشن 3x3 یک کانولوشن 5x5 هستند: پس از هر یک ReLU بگذارید.",
    ),
    "vgg_block.relu_at_the_end": (
        "Only the last convolution has a ReLU",
        "A ReLU stands behind each convolution, not only before the pooling.",
        "تنها کانولوشن آخر ReLU دارد",
        "پس از هر کانولوشن ReLU می‌آید، نه تنها پیش از ادغام.",
    ),
    "vgg_block.average_pooling": (
        "Average pooling stands in the place of max pooling",
        "`nn.MaxPool2d(2, stride=2)`.",
        "به جای ادغام بیشینه ادغام میانگین آمده است",
        "`nn.MaxPool2d(2, stride=2)`.",
    ),
    "vgg_block.no_pooling": (
        "There is no pooling",
        "A block ends in max pooling 2x2 with stride 2, which halves the size.",
        "ادغام نیست",
        "بلوک با ادغام بیشینهٔ 2x2 با گام 2 تمام می‌شود که اندازه را نصف می‌کند.",
    ),
    "vgg_block.stride_1": (
        "The pooling has stride 1",
        "With stride 2 it halves the size: `nn.MaxPool2d(2, stride=2)`.",
        "گام ادغام 1 است",
        "با گام 2 اندازه نصف می‌شود: `nn.MaxPool2d(2, stride=2)`.",
    ),
    "vgg_block.not_padded": (
        "The convolutions are not padded",
        "With padding 1 a 3x3 convolution keeps the size.",
        "کانولوشن‌ها پدینگ ندارند",
        "کانولوشن 3x3 با پدینگ 1 اندازه را نگه می‌دارد.",
    ),
    "vgg_block.kernel_5": (
        "The filters are 5x5",
        "All of VGG's filters are 3x3; two of them see 5x5 with fewer weights.",
        "فیلترها 5x5 هستند",
        "همهٔ فیلترهای VGG برابر 3x3 هستند؛ دو تا از آن‌ها با وزن کمتر 5x5 را می‌بینند.",
    ),
    "vgg.always_7x7": (
        "The classifier always reads 7x7 maps",
        "Each block halves `size`: only 224 with five blocks gives 7.",
        "رده‌بند همیشه نقشهٔ 7x7 می‌خواند",
        "هر بلوک `size` را نصف می‌کند: تنها 224 با پنج بلوک 7 می‌دهد.",
    ),
    **{f"vgg.{mistake}": words for mistake, words in _ENDS.items()},
    "nin_block.one_1x1": (
        "There is one 1x1 convolution only",
        "Two follow the first convolution.",
        "تنها یک کانولوشن 1x1 هست",
        "پس از کانولوشن نخست دو تا می‌آید.",
    ),
    "nin_block.linear_1x1": (
        "The 1x1 convolutions have no ReLU",
        "With it they are a small network at every pixel; without, one linear map.",
        "کانولوشن‌های 1x1 بدون ReLU هستند",
        "با آن در هر پیکسل شبکه‌ای کوچک‌اند؛ بدون آن یک نگاشت خطی.",
    ),
    "nin_block.kernel_3": (
        "The second and third convolution are 3x3",
        "They are 1x1: a fully connected layer at every pixel.",
        "کانولوشن دوم و سوم 3x3 هستند",
        "این‌ها 1x1 هستند: لایه‌ای تمام‌متصل در هر پیکسل.",
    ),
    "nin_block.padding_ignored": (
        "`padding` is not used",
        "It belongs to the first convolution, as `stride` does.",
        "`padding` به کار نرفته است",
        "مانند `stride` از آن کانولوشن نخست است.",
    ),
    "nin.max_pooling": (
        "The score is the largest value of a map",
        "It is the average of the map: `nn.AdaptiveAvgPool2d(1)`.",
        "نمره بزرگ‌ترین مقدار نقشه است",
        "نمره میانگین نقشه است: `nn.AdaptiveAvgPool2d(1)`.",
    ),
    "nin.connected": (
        "A fully connected layer stands at the end",
        "The average of each map is the score already; there is nothing to connect.",
        "در پایان لایهٔ تمام‌متصل آمده است",
        "میانگین هر نقشه خود نمره است؛ چیزی برای اتصال نیست.",
    ),
    "nin.not_flat": (
        "The scores are maps of 1x1",
        "Flatten (N, classes, 1, 1) to (N, classes).",
        "نمره‌ها نقشه‌های 1x1 هستند",
        "شکل (N, classes, 1, 1) را به (N, classes) تخت کنید.",
    ),
    "nin.no_dropout": (
        "There is no dropout",
        "`nn.Dropout(0.5)` stands before the last block.",
        "دراپ‌اوت نیست",
        "`nn.Dropout(0.5)` پیش از بلوک آخر می‌آید.",
    ),
    "nin.dropout_of_scores": (
        "The scores are dropped",
        "`nn.Dropout(0.5)` stands before the last block, not behind it.",
        "نمره‌ها حذف می‌شوند",
        "`nn.Dropout(0.5)` پیش از بلوک آخر می‌آید، نه پس از آن.",
    ),
    "inception.no_reduction": (
        "The 1x1 reductions are forgotten",
        "Before each 3x3 and 5x5 a 1x1 convolution makes the channels fewer.",
        "کاهش‌های 1x1 فراموش شده‌اند",
        "پیش از هر 3x3 و 5x5 یک کانولوشن 1x1 کانال‌ها را کم می‌کند.",
    ),
    "inception.linear_reduction": (
        "The reductions have no ReLU",
        "A ReLU stands behind each of the six convolutions.",
        "کاهش‌ها ReLU ندارند",
        "پس از هر یک از شش کانولوشن ReLU می‌آید.",
    ),
    "inception.no_projection": (
        "The convolution behind the pooling is forgotten",
        "Pooling keeps all channels: pool_projection filters of 1x1 make them fewer.",
        "کانولوشن پس از ادغام فراموش شده است",
        "ادغام همهٔ کانال‌ها را نگه می‌دارد: pool_projection فیلتر 1x1 آن‌ها را کم می‌کند.",
    ),
    "inception.order": (
        "The branches are concatenated in another order",
        "1x1, 3x3, 5x5, pooling.",
        "شاخه‌ها به ترتیب دیگری کنار هم آمده‌اند",
        "ترتیب: 1x1، ‏3x3، ‏5x5، ادغام.",
    ),
    "inception.average_pooling": (
        "The pooling averages",
        "`nn.MaxPool2d(3, stride=1, padding=1)`.",
        "ادغام میانگین می‌گیرد",
        "`nn.MaxPool2d(3, stride=1, padding=1)`.",
    ),
    "inception.projection_first": (
        "The 1x1 convolution stands before the pooling",
        "First the pooling, then the convolution with its ReLU.",
        "کانولوشن 1x1 پیش از ادغام آمده است",
        "نخست ادغام، سپس کانولوشن و ReLU آن.",
    ),
    "inception.branch_missing": (
        "The branch with the pooling is missing",
        "There are four branches.",
        "شاخهٔ ادغام نیست",
        "چهار شاخه هست.",
    ),
}


def own(id, version):
    """A wrong version of our own, with its words."""
    return wrong_version(id, *{**TEXTS, **BLOCK_TEXTS}[id])(version)
