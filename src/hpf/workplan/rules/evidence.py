"""佐证文件: which files may stand as evidence. What a file says it is has to be what it is."""

from __future__ import annotations

from typing import Final

from hpf.kernel.decision import Reason

LARGEST: Final = 20 * 1024 * 1024
_ZIP: Final = (b"PK\x03\x04",)
KINDS: Final[dict[str, tuple[str, tuple[bytes, ...]]]] = {
    "pdf": ("application/pdf", (b"%PDF",)),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", _ZIP),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _ZIP),
    "pptx": ("application/vnd.openxmlformats-officedocument.presentationml.presentation", _ZIP),
    "ofd": ("application/ofd", _ZIP),
    "zip": ("application/zip", _ZIP),
    "jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "jpeg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "png": ("image/png", (b"\x89PNG",)),
    "txt": ("text/plain", ()),
    "md": ("text/plain", ()),
    "csv": ("text/csv", ()),
}


def kind_of(filename: str) -> str:
    return filename.rpartition(".")[2].lower() if "." in filename else ""


def mime_of(filename: str) -> str:
    return KINDS[kind_of(filename)][0]


def check_file(filename: str, content: bytes) -> tuple[Reason, ...]:
    """Empty, too large, of a kind that nobody can open in ten years, or not what its name says."""
    if not content:
        return (Reason("EVIDENCE_EMPTY", f"“{filename}”是空文件，不能作为佐证，请重新选择文件。"),)
    if len(content) > LARGEST:
        size = -(-len(content) * 10 // (1024 * 1024))
        return (Reason("EVIDENCE_TOO_LARGE", f"“{filename}”有{size // 10}.{size % 10}兆字节，超过20兆字节的上限，请压缩或分开后上传。"),)
    known = KINDS.get(kind_of(filename))
    if known is None:
        message = f"“{filename}”的类型不能作为佐证，请上传PDF、OFD、Word、Excel、PPT、图片、文本或ZIP文件。"
        return (Reason("EVIDENCE_KIND_UNKNOWN", message),)
    if known[1] and not content.startswith(known[1]):
        message = f"“{filename}”的内容与扩展名不符，可能已损坏或改过扩展名，请用原文件重新上传。"
        return (Reason("EVIDENCE_NOT_AS_NAMED", message),)
    return ()
