"""The one place that turns errors into pages: what happened, what to do next, a way back; never a stack trace."""

from dataclasses import dataclass, replace

from flask import Flask, current_app, g, render_template
from flask.typing import ResponseReturnValue
from flask_login import AnonymousUserMixin, current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, InterfaceError, OperationalError, ProgrammingError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import BadRequestKeyError, HTTPException
from werkzeug.routing import IntegerConverter, Map

from tracker.domain.errors import (
    PLANS,
    UNITS,
    Forbidden,
    NotFound,
    Refused,
    StaleState,
    TrackerError,
    UnreadableDocument,
)
from tracker.domain.words import N_
from tracker.web.runtime import gettext
from tracker.web.templating import came_from

LISTS = {UNITS: ("/units", N_("Đơn vị")), PLANS: ("/plans", N_("Kế hoạch"))}
STATUS_OF = {NotFound: 404, Forbidden: 403, Refused: 422, UnreadableDocument: 422, StaleState: 409}

# status: title, what happened, what to do next; the second is replaced where the error brings a sentence of its own
WORDS = {
    400: (
        N_("Yêu cầu chưa đúng"),
        N_("Máy chủ không hiểu yêu cầu này."),
        N_("Hãy quay lại trang trước, kiểm tra những gì đã nhập rồi gửi lại."),
    ),
    403: (
        N_("Bạn không được làm việc này"),
        N_("Tài khoản của bạn không có quyền làm việc này."),
        N_("Nếu công việc của bạn cần đến, hãy liên hệ quản trị viên."),
    ),
    404: (
        N_("Không tìm thấy"),
        N_("Không có gì ở địa chỉ này, hoặc bạn không được xem."),
        N_("Hãy kiểm tra địa chỉ, hoặc mở lại từ trang Tổng quan."),
    ),
    405: (
        N_("Không mở được theo cách này"),
        N_("Địa chỉ này chỉ nhận biểu mẫu gửi lên, hoặc chỉ để xem."),
        N_("Hãy mở lại trang có nút bạn vừa bấm rồi làm lại từ đó."),
    ),
    409: (
        N_("Có người đã thay đổi trước"),
        N_("Mục này đã thay đổi từ khi bạn mở trang."),
        N_("Hãy mở lại trang để xem tình hình mới rồi quyết định."),
    ),
    413: (
        N_("Dữ liệu gửi lên quá lớn"),
        N_("Một lần gửi được tối đa %(files)s MB tệp và %(text)s MB chữ; chưa có gì được lưu."),
        N_("Hãy bớt tệp, nén nhỏ hoặc chia làm nhiều lần gửi."),
    ),
    422: (
        N_("Chưa ghi được"),
        N_("Thông tin gửi lên chưa hợp lệ; chưa có gì được lưu."),
        N_("Hãy quay lại trang trước, sửa theo lời nhắc rồi gửi lại."),
    ),
    429: (
        N_("Quá nhiều lần thử"),
        N_("Đã có quá nhiều lần thử từ máy này hoặc với tài khoản này."),
        N_(
            "Hãy chờ mười phút rồi thử lại. Lối vào bằng thư không bị khóa: chọn “Quên mật khẩu” ở trang đăng nhập, "
            "hoặc nhờ quản trị viên gửi đường dẫn đặt mật khẩu."
        ),
    ),
    500: (
        N_("Hệ thống gặp lỗi"),
        N_("Lỗi này đã được ghi lại cho quản trị viên; việc bạn vừa làm chưa được lưu."),
        N_("Hãy thử lại sau ít phút. Nếu vẫn lỗi, hãy báo quản trị viên kèm giờ xảy ra."),
    ),
}
EXPIRED_FORM = (
    N_("Biểu mẫu đã hết hạn"),
    N_("Biểu mẫu đã hết hạn hoặc bạn đã đăng xuất ở nơi khác; chưa có gì được lưu."),
    N_("Hãy mở lại trang rồi gửi lại. Nút Quay lại của trình duyệt giữ nguyên những gì bạn đã nhập."),
)
SIGNED_OUT = (
    N_("Bạn đã đăng xuất"),
    N_("Phiên làm việc đã kết thúc, có thể vì bạn đã đăng xuất ở thẻ khác; chưa có gì được lưu."),
    N_("Hãy đăng nhập lại rồi gửi lại. Nút Quay lại của trình duyệt giữ nguyên những gì bạn đã nhập."),
)
BUSY = (
    N_("Cơ sở dữ liệu đang bận"),
    N_("Cơ sở dữ liệu đang bị một việc khác giữ; việc bạn vừa làm chưa được lưu."),
    N_("Hãy chờ một phút rồi gửi lại. Nếu vẫn vậy, quản trị viên xem có lệnh sao lưu hay nhập liệu nào đang treo."),
)
OLD_SCHEMA = (
    N_("Cơ sở dữ liệu chưa đúng phiên bản"),
    N_("Các bảng trong cơ sở dữ liệu còn thiếu hoặc thuộc phiên bản khác với chương trình."),
    N_("Quản trị viên hãy khởi động lại bằng lệnh tracker run; lệnh này nâng cấp cơ sở dữ liệu trước khi phục vụ."),
)
UNREACHABLE = (
    N_("Không kết nối được cơ sở dữ liệu"),
    N_("Chương trình đang chạy nhưng không mở được cơ sở dữ liệu; chưa có gì được lưu."),
    N_("Hãy thử lại sau ít phút. Quản trị viên hãy kiểm tra TRACKER_DATABASE_URL, ổ đĩa và máy chủ cơ sở dữ liệu."),
)


@dataclass(frozen=True, slots=True)
class Explanation:
    """An error page: HTTP status and three sentences in the reader's language.

    `listed` is the page that shows what there is, its path and its name in Vietnamese, where one does.
    """

    status: int
    title: str
    what: str
    mend: str
    listed: tuple[str, str] | None = None


class RowId(IntegerConverter):
    """A number in an address; one that no table can hold is an unknown address."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=2**31 - 1)


def init_app(app: Flask) -> None:
    """Answer every error with a page; called before any route is registered."""
    app.url_map.converters["int"] = RowId
    app.register_error_handler(TrackerError, _tracker_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(DataError, _unusable_data)
    for kind in (OperationalError, InterfaceError, ProgrammingError, PoolTimeout):
        app.register_error_handler(kind, _database_error)


def _tracker_error(error: TrackerError) -> ResponseReturnValue:
    _settle_who_asks()
    status = next((code for kind, code in STATUS_OF.items() if isinstance(error, kind)), 422)
    explanation = explain(status, error.text(gettext))
    return _page(replace(explanation, listed=LISTS.get(error.listed)))


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400 or error.response is not None:
        return error
    _settle_who_asks()
    if isinstance(error, CSRFError):
        explanation = _in_words(400, EXPIRED_FORM if current_user.is_authenticated else SIGNED_OUT)
    else:
        explanation = explain(error.code, _own_sentence(error))
    kept = [(name, value) for name, value in error.get_headers() if name.lower() in ("allow", "retry-after")]
    return _page(explanation, dict(kept))


def _unusable_data(error: DataError) -> ResponseReturnValue:
    """What somebody sent does not fit into a column: too long, or with characters that PostgreSQL cannot keep."""
    _settle_who_asks()
    return _page(explain(400))


def _database_error(error: SQLAlchemyError) -> ResponseReturnValue:
    _settle_who_asks()
    current_app.logger.error("the database refused", exc_info=error)
    return _page(_in_words(503, _database_words(error)), {"Retry-After": "60"})


def _database_words(error: SQLAlchemyError) -> tuple[str, str, str]:
    said = str(getattr(error, "orig", None) or error)
    if isinstance(error, PoolTimeout) or "locked" in said or "busy" in said:
        return BUSY
    if isinstance(error, ProgrammingError) or "no such table" in said or "no such column" in said:
        return OLD_SCHEMA
    return UNREACHABLE


def explain(status: int, sentence: str | None = None) -> Explanation:
    """The page for a status; `sentence` (in the reader's language) replaces what it says by itself."""
    known = _in_words(status, WORDS.get(status, WORDS[500 if status >= 500 else 400]))
    return Explanation(status, known.title, sentence, known.mend) if sentence else known


def _in_words(status: int, words: tuple[str, str, str]) -> Explanation:
    limits = {
        "files": (current_app.config["MAX_CONTENT_LENGTH"] or 0) // 1024 // 1024,
        "text": (current_app.config["MAX_FORM_MEMORY_SIZE"] or 0) // 1024 // 1024,
    }
    title, what, mend = (gettext(text) for text in words)
    return Explanation(status, title, what % limits if status == 413 else what, mend)


def _own_sentence(error: HTTPException) -> str | None:
    """What our own code said when it raised; werkzeug's and the limiter's standard English is left aside."""
    ours = error.code in (400, 403, 404) and not isinstance(error, BadRequestKeyError)
    return error.description if ours and error.description != type(error).description else None


def _page(explanation: Explanation, headers: dict[str, str] | None = None) -> ResponseReturnValue:
    return render_template("pages/error.html", error=explanation, back=came_from()), explanation.status, headers or {}


def _settle_who_asks() -> None:
    """Before any word is chosen: speak to nobody in particular where the database cannot say who is asking."""
    try:
        current_user.is_authenticated  # noqa: B018 (asks the database, once)
    except SQLAlchemyError:
        g._login_user = AnonymousUserMixin()
