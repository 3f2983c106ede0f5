"""What the page calls the values that a setting has to choose from, in its two languages.

A value without words here shows its own name: those of the field's methods do in English.
"""

from __future__ import annotations

__all__ = ["choice"]

# By setting and value: English, Chinese.
_WORDS: dict[str, dict[str, tuple[str, str]]] = {
    "recipe": {
        "default": ("balanced", "平衡"),
        "subtle": ("subtle", "含蓄"),
        "bold": ("bold", "奔放"),
        "keep-colours": ("keep colours", "保留原色"),
        "sketch": ("quick sketch", "速写"),
        "portrait": ("portrait", "肖像"),
        "cartoon": ("cartoon", "卡通"),
    },
    "method": {
        "optimization": ("optimization, step by step", "逐步优化"),
        "one-pass": ("one pass of a network", "一遍画成"),
    },
    "color": {
        "style": ("of the style", "风格图的"),
        "luminance": ("of the photograph, exactly", "照片原本的"),
        "match": ("like the photograph's, roughly", "接近照片"),
        "histogram": ("like the photograph's, closely", "很接近照片"),
        "only": ("new colours, no strokes", "只换颜色，不画"),
    },
    "crop": {
        "center": ("middle", "中间"),
        "top": ("top", "上边"),
        "bottom": ("bottom", "下边"),
        "left": ("left", "左边"),
        "right": ("right", "右边"),
    },
    "fit": {
        "contain": ("whole picture inside", "整幅放进去"),
        "cover": ("fill and crop", "裁切填满"),
        "stretch": ("stretch", "拉伸"),
    },
    "style_fit": {
        "contain": ("same longest side", "最长边相同"),
        "stretch": ("stretch", "拉伸"),
    },
    "resample": {
        "bilinear": ("bilinear", "双线性"),
        "bicubic": ("bicubic", "双三次"),
        "lanczos": ("Lanczos", "Lanczos"),
    },
    "bits": {"auto": ("as the photograph", "与照片相同"), "8": ("8", "8"), "16": ("16", "16")},
    "content_loss": {
        "relative": ("relative", "相对"),
        "mse": ("mean squares", "均方误差"),
    },
    "style_loss": {
        "moments": ("mean and covariance", "均值与协方差"),
        "shifted": ("covariance near and far", "近处与远处的协方差"),
        "gram": ("Gram matrices", "格拉姆矩阵"),
        "wasserstein": ("normal distributions", "正态分布"),
        "sliced": ("sliced distributions", "沿随机方向的分布"),
        "histogram": ("histograms of channels", "逐通道的分布"),
        "gram-raw": ("raw Gram matrices", "原始格拉姆矩阵"),
    },
    "tv_loss": {
        "squared": ("squared", "平方"),
        "l1": ("absolute", "绝对值"),
        "charbonnier": ("absolute, smooth", "平滑的绝对值"),
        "vectorial": ("all directions and colours", "各方向与颜色一致"),
    },
    "init": {
        "content": ("the photograph", "照片"),
        "noise": ("noise", "噪声"),
        "blend": ("photograph and noise", "照片加噪声"),
        "style": ("noise in the style's colours", "带风格颜色的噪声"),
    },
    "optimizer": {
        "lbfgs": ("L-BFGS", "L-BFGS"),
        "proximal": ("proximal L-BFGS", "近端 L-BFGS"),
        "adam": ("Adam", "Adam"),
    },
    "lr_schedule": {
        "constant": ("constant", "不变"),
        "step": ("in steps", "分级"),
        "cosine": ("cosine", "余弦"),
    },
    "backbone": {
        "slim": ("slim, bundled", "slim，自带"),
        "vgg19": ("VGG-19, fetched", "VGG-19，需下载"),
        "vgg16": ("VGG-16, fetched", "VGG-16，需下载"),
        "vgg19-original": ("VGG-19 of its authors", "VGG-19 原作者版"),
        "vgg19-normalized": ("VGG-19 of its authors, normalised", "VGG-19 原作者版，归一化"),
        "squeezenet": ("SqueezeNet", "SqueezeNet"),
    },
    "pooling": {
        "auto": ("as it was trained", "按训练时的"),
        "max": ("maximum", "最大"),
        "average": ("average", "平均"),
    },
    "padding": {
        "zero": ("zeros", "补零"),
        "reflect": ("mirrored", "镜像"),
        "replicate": ("edge repeated", "重复边缘"),
    },
}


def choice(setting: str, value: str, language: str) -> str:
    """What the page calls a value of a setting.

    Example:
        >>> choice("recipe", "keep-colours", "en"), choice("crop", "top", "zh")
        ('keep colours', '上边')
        >>> choice("crop", "30%,20%", "zh"), choice("recipe", "night", "zh")
        ('30%,20%', 'night')
    """
    english, chinese = _WORDS.get(setting, {}).get(value, (value, value))
    return chinese if language == "zh" else english
