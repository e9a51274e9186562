"""Files on disk: bytes stored once under their checksum, kinds found from content, names made safe."""

import hashlib
import os
import re
import tempfile
import unicodedata
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from tracker.domain.errors import NotFound, Refused
from tracker.domain.words import N_

MAX_FILE_OCTETS = 20 * 1024 * 1024
MAX_NAME = 120
OFFICE_PARTS = {
    "word/": ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xl/": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "ppt/": ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
}
SIGNATURES = (
    (b"%PDF-", "pdf", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "png", "image/png"),
    (b"\xff\xd8\xff", "jpg", "image/jpeg"),
    (b"GIF87a", "gif", "image/gif"),
    (b"GIF89a", "gif", "image/gif"),
)
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How .doc, .xls and .ppt begin, which hide macros where no look at the content tells."""
_DIGEST = re.compile(r"[0-9a-f]{64}")
_OF_DEVICES = re.compile(r"(con|prn|aux|nul|(com|lpt)[0-9¹²³])( *\..*)?", re.IGNORECASE)
"""Names that Windows keeps for devices, whatever their extension."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came in: the name its sender gave it, and its bytes."""

    name: str
    data: bytes

    @property
    def sha256(self) -> str:
        """The checksum of its bytes, in hex: under which they are kept."""
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that was kept; `name` is safe to offer for download, `media_type` was found from its content."""

    name: str
    media_type: str
    size: int
    sha256: str


class FileStore:
    """Files under one folder, named by their SHA-256, so that the same bytes lie there once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, upload: Upload) -> KeptFile:
        """Check and store an upload; raise Refused where it is empty, too large or of a kind not accepted."""
        name = _checked_name(upload)
        kind = _kind(upload.data)
        if kind is None and upload.data.startswith(OLD_OFFICE):
            raise Refused(
                N_("Tệp “%(name)s” thuộc dạng cũ (.doc, .xls, .ppt). Hãy lưu lại dạng .docx, .xlsx, .pptx hoặc PDF."),
                name=name,
            )
        if kind is None:
            raise Refused(
                N_(
                    "Tệp “%(name)s” không thuộc loại được nhận. Hãy gửi một trong các loại: PDF, .docx, .xlsx, .pptx, "
                    "ảnh (PNG, JPEG, HEIC, GIF, WebP), văn bản (.txt)."
                ),
                name=name,
            )
        extension, media_type = kind
        kept = _file_of(_with_extension(name, extension), media_type, upload.data)
        self._write(kept.sha256, upload.data)
        return kept

    def keep_document(self, upload: Upload) -> KeptFile:
        """Store a plan document as it came; Refused where it is empty or too large.

        Whether it can be read is for its reader to say: any kind is kept, and only ever offered as a download.
        """
        kept = document_of(upload)
        self._write(kept.sha256, upload.data)
        return kept

    def remove(self, sha256: str) -> None:
        """Forget bytes that nothing refers to any more; nothing happens where they are gone already."""
        if _DIGEST.fullmatch(sha256):
            self._path(sha256).unlink(missing_ok=True)

    def path(self, sha256: str) -> Path:
        """Where the bytes lie; NotFound where they do not."""
        found = self._path(sha256)
        if not _DIGEST.fullmatch(sha256) or not found.is_file():
            raise NotFound(N_("Không tìm thấy tệp minh chứng này trong kho tệp. Hãy báo quản trị viên."))
        return found

    def _path(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / sha256

    def _write(self, digest: str, data: bytes) -> None:
        target = self._path(digest)
        if target.is_file():
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=target.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(target)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise


def document_of(upload: Upload) -> KeptFile:
    """What a plan document would be kept as, nothing stored yet; Refused where it is empty or too large."""
    _, media_type = _kind(upload.data) or ("", "application/octet-stream")
    return _file_of(_checked_name(upload), media_type, upload.data)


def _file_of(name: str, media_type: str, data: bytes) -> KeptFile:
    return KeptFile(name, media_type, len(data), hashlib.sha256(data).hexdigest())


def _checked_name(upload: Upload) -> str:
    """A safe name for an upload that holds something and not too much."""
    name = safe_name(upload.name)
    if not upload.data:
        raise Refused(N_("Tệp “%(name)s” rỗng. Hãy chọn lại tệp."), name=name)
    if len(upload.data) > MAX_FILE_OCTETS:
        raise Refused(
            N_("Tệp “%(name)s” lớn hơn %(most)s MB. Hãy tách nhỏ, hoặc bỏ bớt ảnh và trang thừa rồi gửi lại."),
            name=name,
            most=str(MAX_FILE_OCTETS // 1024 // 1024),
        )
    return name


def safe_name(name: str) -> str:
    """A sender's file name without folders, controls or characters that a file system or a header would mistake."""
    text = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    text = "".join(c for c in text if unicodedata.category(c)[0] not in "CZ" or c == " ")
    text = re.sub(r'[<>:"|?*;%]', "_", text).strip(" .")
    if len(text) > MAX_NAME:
        stem, dot, extension = text.rpartition(".")
        text = (
            f"{stem[: MAX_NAME - len(extension) - 1]}{dot}{extension}"
            if dot and len(extension) < 8
            else text[:MAX_NAME]
        )
    return f"_{text}" if _OF_DEVICES.fullmatch(text) else text or "minh-chung"


def _kind(data: bytes) -> tuple[str, str] | None:
    """Extension and media type by content; None for a kind not accepted."""
    for signature, extension, media_type in SIGNATURES:
        if data.startswith(signature):
            return extension, media_type
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp", "image/webp"
    if data[4:8] == b"ftyp" and data[8:12] in (b"heic", b"heix", b"mif1"):
        return "heic", "image/heic"
    if data.startswith(b"PK\x03\x04"):
        return _office_kind(data)
    return ("txt", "text/plain") if _is_plain_text(data) else None


def _office_kind(data: bytes) -> tuple[str, str] | None:
    try:
        names = zipfile.ZipFile(BytesIO(data)).namelist()
    except (zipfile.BadZipFile, ValueError, OSError):
        return None
    if "[Content_Types].xml" not in names or any(name.lower().endswith("vbaproject.bin") for name in names):
        return None
    return next((kind for part, kind in OFFICE_PARTS.items() if any(n.startswith(part) for n in names)), None)


def _is_plain_text(data: bytes) -> bool:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    if any(unicodedata.category(c) == "Cc" and c not in "\t\r\n\f" for c in text):
        return False
    return not re.match(r"\s*<(!doctype|html|svg|script|\?xml|[a-z]+[\s>])", text, re.IGNORECASE)


def _with_extension(name: str, extension: str) -> str:
    """The name with the extension of what the file really is."""
    given = name.rpartition(".")[2].lower() if "." in name else ""
    alike = {"jpg": ("jpg", "jpeg"), "heic": ("heic", "heif"), "txt": ("txt", "csv", "md", "log")}.get(
        extension, (extension,)
    )
    return name if given in alike else f"{name}.{extension}"
