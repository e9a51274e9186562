"""Office files made from lines."""

import zipfile
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET

from tracker.adapters.files import FileStore, Upload
from tracker.adapters.office_files import docx

LINES = ["BÁO CÁO KẾT QUẢ", "Thu < chi & đúng “quy định”"]


def test_a_word_document_holds_its_lines_and_is_accepted_as_evidence(tmp_path: Path) -> None:
    data = docx(LINES)
    assert docx(LINES) == data
    body = ET.fromstring(zipfile.ZipFile(BytesIO(data)).read("word/document.xml"))
    assert [node.text for node in body.iter() if node.tag.endswith("}t")] == LINES
    kept = FileStore(tmp_path).keep(Upload("báo cáo.docx", data))
    assert kept.name == "báo cáo.docx"
    assert kept.media_type.endswith("wordprocessingml.document")
