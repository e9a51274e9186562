"""A plan brought in through the pages: what every test of the import does."""

import io
import re

import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from tests.support.worlds import Visitor
from tracker.store.database import session

SMALL = (
    "Số TT;Nội dung công việc;Đơn vị chủ trì;Đơn vị phối hợp;Hoàn thành\n"
    "1;Lập danh sách học sinh;Phòng Giáo dục và Đào tạo;các hộ dân có liên quan;Tháng 8/2024\n"
    "2;Sửa chữa trường lớp;Phòng Tài chánh Kế hoạch;Công ty Môi trường đô thị;31/10/2024\n"
)


def upload(client: Visitor, data: bytes, name: str, **fields: str) -> TestResponse:
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/plans/import").text)
    assert token
    sent = {"csrf_token": token[1], "document": (io.BytesIO(data), name), **fields}
    return client.post("/plans/import", data=sent, content_type="multipart/form-data")


def begun(client: Visitor, data: bytes, name: str, **fields: str) -> str:
    """The address of the import that uploading began."""
    answer = upload(client, data, name, **fields)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def compared(client: Visitor, draft: str) -> str:
    """The page of the difference."""
    answer = client.submit(f"{draft}/difference", page=draft)
    assert answer.status_code == 303, answer.text
    return client.get(answer.headers["Location"]).text


def confirmed(client: Visitor, draft: str, **fields: str) -> TestResponse:
    page = client.get(f"{draft}/difference").text
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', page)
    assert seen, page
    return client.submit(f"{draft}/confirm", page=f"{draft}/difference", seen=seen[1], **fields)


def count(app: Flask, table: type) -> int:
    with app.app_context():
        return session().scalar(sa.select(sa.func.count()).select_from(table)) or 0


def button(page: str) -> str:
    """The words of the button that writes."""
    found = re.search(r'<button form="confirm-import" class="btn btn-primary">([^<]+)</button>', page)
    assert found, page
    return found[1]


def files_kept(app: Flask) -> list[str]:
    folder = app.extensions["tracker"].files.folder
    return [path.name for path in folder.rglob("*") if path.is_file()]
