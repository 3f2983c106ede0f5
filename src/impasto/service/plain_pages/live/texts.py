"""What the live page says, in English and in Chinese; which one, the visitor's browser decides."""

from __future__ import annotations

from collections.abc import Mapping

from impasto.service.plain_pages import texts

__all__ = ["CHINESE", "ENGLISH", "WORDS"]

ENGLISH = {
    **texts.ENGLISH,
    "title": "impasto live",
    "tagline": "Your camera or a photograph, painted as you watch.",
    "private": "Nothing is uploaded: your pictures stay in this browser.",
    "easel": "Painting",
    "use_camera": "Use the camera",
    "stop_camera": "Stop the camera",
    "turn_camera": "Other camera",
    "empty_title": "Nothing on the easel yet",
    "empty_text": "Turn the camera on or choose a photograph; a file may fall here too. The "
    "painting follows at once.",
    "compare": "Compare the painting with the picture",
    "save": "Save the painting",
    "which_style": "Which style is chosen",
    "first_style": "First style",
    "second_style": "Second style",
    "no_second": "No second style",
    "share": "Share of the second style",
    "strength_help": "From near the picture to near the style.",
    "side": "Size of the work",
    "loading_graph": "Fetching the network: {done} of {size} MB …",
    "starting": "Starting the network; the first time its runtime of {size} MB is fetched …",
    "reading": "Reading the style …",
    "took": "painted in {number} s",
    "work": "{width} × {height} px",
    "on_processor": "on the processor, threads: {threads}",
    "on_graphics": "on the graphics card",
    "painted_status": "Painted. Drag across it, or use the arrow keys, to see the picture beneath.",
    "camera_status": "The camera is on. Drag across the painting to see what it sees.",
    "no_camera": "There is no camera here: connect one, or choose a photograph.",
    "camera_refused": "The camera was refused: allow it for this page in the browser's settings, "
    "or choose a photograph.",
    "camera_taken": "The camera cannot be used, perhaps because another program uses it: close "
    "that one, or choose a photograph.",
    "camera_ended": "The camera was disconnected: connect it again, or choose a photograph.",
    "camera_insecure": "Browsers give the camera only to pages of https or of this very machine: "
    "open the page so, or choose a photograph.",
    "no_wasm": "This browser cannot run WebAssembly, by which the page paints: allow it in the "
    "settings, or take a newer browser.",
    "missing": "The network is not here yet: whoever runs this studio has to run impasto live "
    "fetch once.",
    "broken": "The network could not be started ({reason}): load the page again; if it stays so, "
    "whoever runs this studio has to run impasto live fetch anew.",
    "unpainted": "This could not be painted ({reason}): choose a smaller size of the work, or load "
    "the page again.",
    "heavy": "{name} has {size} MB, above the limit of {most} MB: choose a smaller file.",
    "large": "{name} is {width} × {height} px, above the limit of {most} megapixels: make it "
    "smaller first.",
    "narrow": "{name} is {width} × {height} px, too narrow to paint: its longer side may be at "
    "most {most} times the shorter one.",
    "unread": "{name} is no picture that this browser can read: choose a JPEG, PNG or WebP.",
}

CHINESE = {
    **texts.CHINESE,
    "title": "impasto 实时",
    "tagline": "摄像头或照片，眼前即刻成画。",
    "private": "不上传任何内容：您的图片只留在这个浏览器里。",
    "easel": "画作",
    "use_camera": "使用摄像头",
    "stop_camera": "关闭摄像头",
    "turn_camera": "切换摄像头",
    "empty_title": "画架上还没有画",
    "empty_text": "打开摄像头或选择一张照片，也可以把文件拖到这里，画面随即出现。",
    "compare": "对比画作与原图",
    "save": "保存画作",
    "which_style": "正在选择的风格",
    "first_style": "第一种风格",
    "second_style": "第二种风格",
    "no_second": "不用第二种风格",
    "share": "第二种风格的比例",
    "strength_help": "从接近原图到接近风格。",
    "side": "画作尺寸",
    "loading_graph": "正在获取网络：{done} / {size} MB …",
    "starting": "正在启动网络；首次需获取 {size} MB 的运行环境 …",
    "reading": "正在读取风格 …",
    "took": "用时 {number} 秒",
    "work": "{width} × {height} 像素",
    "on_processor": "在处理器上运行，线程数：{threads}",
    "on_graphics": "在显卡上运行",
    "painted_status": "画好了。在画上拖动或按方向键，可看到下面的原图。",
    "camera_status": "摄像头已打开。在画上拖动，可看到它拍到的画面。",
    "no_camera": "这里没有摄像头：请接上一个，或选择照片。",
    "camera_refused": "摄像头被拒绝：请在浏览器设置中允许本页使用，或选择照片。",
    "camera_taken": "摄像头无法使用，可能正被其他程序占用：请关闭那个程序，或选择照片。",
    "camera_ended": "摄像头已断开：请重新接上，或选择照片。",
    "camera_insecure": "浏览器只允许 https 页面或本机页面使用摄像头：请这样打开，或选择照片。",
    "no_wasm": "本页靠 WebAssembly 作画，而这个浏览器无法运行它：请在设置中允许，"
    "或换用较新的浏览器。",
    "missing": "网络还没有准备好：请画室的管理者运行一次 impasto live fetch。",
    "broken": "网络无法启动（{reason}）：请重新载入本页；如果仍然如此，请画室的管理者重新运行 "
    "impasto live fetch。",
    "unpainted": "无法画出（{reason}）：请选择较小的画作尺寸，或重新载入本页。",
    "heavy": "{name} 有 {size} MB，超过 {most} MB 的上限：请选择较小的文件。",
    "large": "{name} 为 {width} × {height} 像素，超过 {most} 百万像素的上限：请先缩小。",
    "narrow": "{name} 为 {width} × {height} 像素，太窄，画不了：长边最多为短边的 {most} 倍。",
    "unread": "{name} 不是这个浏览器能读的图片：请选择 JPEG、PNG 或 WebP。",
}

WORDS: Mapping[str, Mapping[str, str]] = {"en": ENGLISH, "zh": CHINESE}
