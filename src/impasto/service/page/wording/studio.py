"""What the studio refuses or cannot do: a full queue, memory, downloads, jobs that are gone."""

from __future__ import annotations

__all__ = ["ROWS"]

_FULL = (
    "The studio has as many paintings to do as it takes, {count}: try again when some are done.",
    "画室排队的画已经满了（{count} 幅）：请等画完一些再试。",
)
_BROKEN = (
    "The studio cannot keep its files just now: tell who runs it.",
    "画室现在存不了文件：请告诉管理这个画室的人。",
)
_FETCH = (
    "The network {network} is needed and could not be fetched: ask who runs this studio, or "
    "choose the backbone slim, which is always here.",
    "需要网络 {network}，但没能下载：请联系管理这个画室的人，或选用自带的骨干网络 slim。",
)
_NETWORK = (
    "The network that looks at the pictures cannot be read: tell who runs this studio, or choose "
    "the backbone slim, which is always here.",
    "看图用的网络读不了：请告诉管理这个画室的人，或选用自带的骨干网络 slim。",
)
_DEVICE = (
    "The studio is set up for a machine that it does not have: tell who runs it.",
    "画室的设置和它的机器不符：请告诉管理这个画室的人。",
)
_GONE = (
    "It was removed, or its address is mistyped.",
    "它已被删除，或者网址写错了。",
)

ROWS: tuple[tuple[str, str, str], ...] = (
    ("<count> jobs are waiting already, …", *_FULL),
    ("<count> jobs are waiting, and no more may: …", *_FULL),
    (
        "<count> of your jobs are waiting or running, and no more may: …",
        "You have {count} paintings waiting or under way, which is the most for one person: wait "
        "until some are done, or stop one.",
        "你已有 {count} 幅画在排队或绘制，一个人最多这么多：请等画完一些，或停掉一幅。",
    ),
    (
        "too many requests from one place: wait <count> s",
        "That was too much at once: wait {count} s, then try again.",
        "请求太多了：请等 {count} 秒再试。",
    ),
    (
        "too many listen already: …",
        "Too many people look on at once: try again later.",
        "同时看的人太多：请稍后再试。",
    ),
    (
        "the request has <count> bytes or more, above the limit of <limit> MB …",
        "The pictures are larger than {limit} MB together: choose smaller ones.",
        "所有图片合起来超过了 {limit} MB：请换小一些的。",
    ),
    (
        "<count> styles are above the limit of <limit>: …",
        "There are {count} styles, and at most {limit} can be used: leave some out.",
        "选了 {count} 种风格，最多 {limit} 种：请去掉一些。",
    ),
    (
        "nothing came for <count> s, or not enough: …",
        "The pictures came too slowly and were given up: try again.",
        "图片传得太慢，没有收完：请再试一次。",
    ),
    (
        "the form cannot be read (…): …",
        "The pictures did not arrive whole: try again.",
        "图片没有完整送到：请再试一次。",
    ),
    (
        "the studio is too busy to answer: …",
        "The studio is too busy to answer: try again later.",
        "画室太忙：请稍后再试。",
    ),
    (
        "… did not answer in time: …",
        "The studio is too busy to answer: try again later.",
        "画室太忙：请稍后再试。",
    ),
    ("the studio cannot read or keep its files just now: …", *_BROKEN),
    ("… cannot be written (…): make room or choose another --data", *_BROKEN),
    (
        "something went wrong in the studio that should not have: …",
        "Something went wrong in the studio: tell who runs it.",
        "画室出了错：请告诉管理它的人。",
    ),
    (
        "something went wrong that should not have (…): …",
        "Something went wrong in the studio: tell who runs it. Painting again may help.",
        "画室出了错：请告诉管理它的人，也可以再画一次试试。",
    ),
    (
        "the process that painted it died <count> times; …",
        "The studio broke off {count} times, most often because its memory is too small: choose a "
        "smaller “{label[size]}”.",
        "画室中断了 {count} 次，多半是内存不够：请调小“{label[size]}”。",
    ),
    (
        "painting <width> x <height> px with <network> needs about <need> and <free> are free: "
        "pass --size <enough>, or …",
        "Painting {width} × {height} px needs about {need} of memory, and {free} are free: set "
        "“{label[size]}” to {enough} or less.",
        "画 {width} × {height} 像素大约要 {need} 内存，而空闲的有 {free}："
        "请把“{label[size]}”设为 {enough} 或更小。",
    ),
    (
        "painting <width> x <height> px with <network> needs about <need> and <free> are free: "
        "pass --shape <shape>, or …",
        "Painting {width} × {height} px needs about {need} of memory, and {free} are free: set "
        "“{label[shape]}” to {shape} or less.",
        "画 {width} × {height} 像素大约要 {need} 内存，而空闲的有 {free}："
        "请把“{label[shape]}”设为 {shape} 或更小。",
    ),
    (
        "painting <width> x <height> px with <network> needs about <need> and <free> are free: …",
        "Painting {width} × {height} px needs about {need} of memory, and {free} are free: try "
        "again later, or choose a smaller “{label[size]}”.",
        "画 {width} × {height} 像素大约要 {need} 内存，而空闲的有 {free}："
        "请稍后再试，或调小“{label[size]}”。",
    ),
    (
        "memory ran out while <network> was painting: …",
        "The memory ran out while it was painted: choose a smaller “{label[size]}”, or try again "
        "later.",
        "画到一半内存用完了：请调小“{label[size]}”，或稍后再试。",
    ),
    (
        "the loss was <value> at step <count>, …",
        "The painting got out of hand at step {count}: lower “{label[lr]}” or the weights of the "
        "losses.",
        "画到第 {count} 步时失控了：请调小“{label[lr]}”或各项损失的权重。",
    ),
    (
        "the gradient was not finite at step <count>, …",
        "The painting got out of hand at step {count}: lower “{label[lr]}” or the weights of the "
        "losses.",
        "画到第 {count} 步时失控了：请调小“{label[lr]}”或各项损失的权重。",
    ),
    (
        "<network>, <size>, cannot be fetched: …",
        "The network {network}, {size}, is needed and could not be fetched: ask who runs this "
        "studio, or choose the backbone slim, which is always here.",
        "需要网络 {network}（{size}），但没能下载："
        "请联系管理这个画室的人，或选用自带的骨干网络 slim。",
    ),
    ("<network> failed <count> times (…); …", *_FETCH),
    ("… bytes free; <network> needs <count>: make room, …", *_FETCH),
    ("…/<network> sent <count> bytes whose SHA-256 begins …", *_FETCH),
    ("…/<network> cannot be written (…): give that folder room …", *_FETCH),
    (
        "the VGG-19 of its authors needs the package <package>: …",
        "The VGG-19 of its authors is not installed here: ask who runs this studio, or choose the "
        "backbone slim, which is always here.",
        "这里没有装 VGG-19 原作者版：请联系管理这个画室的人，或选用自带的骨干网络 slim。",
    ),
    ("/….bin…", *_NETWORK),
    ("/….pth …", *_NETWORK),
    ("/….safetensors …", *_NETWORK),
    ("this machine has no <what> device that torch can use: …", *_DEVICE),
    ("there is no <what>: this machine has <count> CUDA devices, …", *_DEVICE),
    (
        "the <what> <name> of the package <package> cannot be loaded …",
        "{name} comes from another package and cannot be loaded: tell who runs this studio.",
        "{name} 来自另外安装的软件包，载入不了：请告诉管理这个画室的人。",
    ),
    ("there is no job <value>: …", *_GONE),
    ("<value> is not a job's id: …", *_GONE),
    (
        "job <value> is <state>: cancel it first, …",
        "It is not done yet: stop it first, or wait until it has ended.",
        "它还没有结束：请先停止，或等它结束。",
    ),
    (
        "job <value> is <state>: there is a picture only of a finished job",
        "There is no picture of it yet.",
        "它还没有画好。",
    ),
)
