"""Files that people send: their kinds by content, their names made safe."""

from pathlib import Path

import pytest

from tracker.adapters.files import FileStore, Upload, safe_name


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("con.pdf", "_con.pdf"),
        ("AUX", "_AUX"),
        ("Lpt1.tar.gz", "_Lpt1.tar.gz"),
        ("nul .txt", "_nul .txt"),
        ("con người.pdf", "con người.pdf"),
        ("console.txt", "console.txt"),
        ("..\\thư mục/biên bản.pdf", "biên bản.pdf"),
        (" . ", "minh-chung"),
    ],
)
def test_a_name_is_safe_on_every_system(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_a_phones_picture_is_taken_by_its_content(tmp_path: Path) -> None:
    kept = FileStore(tmp_path).keep(Upload("IMG_0001.jpg", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"))
    assert (kept.name, kept.media_type) == ("IMG_0001.jpg.heic", "image/heic")
