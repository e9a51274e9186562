"""Settings: read once from the environment and from `tracker.toml` in the data folder, checked at start."""

import os
import re
import secrets
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import SplitResult, parse_qsl, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DEFAULT_DEMO_DAY = "2024-12-16"
DEFAULT_BASE_URL = "http://127.0.0.1:8000"
ADDRESS_FILE = "address"
LOCALES = ("vi", "en")
FEWEST_MONTHS = 12
FEWEST_OF_SECRET = 16
THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
T = TypeVar("T")


class SettingsError(Exception):
    """One line per bad setting: its name, what is wrong, how to mend it."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


@dataclass(frozen=True, slots=True)
class Setting:
    """What `docs` and the start-up check know of one setting."""

    name: str
    default: str
    help: str


SETTINGS = (
    Setting("TRACKER_DATA_DIR", "./var", "database file, evidence, secret key (made on first run, mode 600)"),
    Setting("TRACKER_DATABASE_URL", "", "SQLite in the data folder, or postgresql://… for more than one machine"),
    Setting("TRACKER_FILES_URL", "", "evidence: file:// in the data folder"),
    Setting("TRACKER_BASE_URL", DEFAULT_BASE_URL, "what links in mails and feeds begin with"),
    Setting(
        "TRACKER_SMTP_URL", "", "smtp://user:password@host:port?starttls=1 or smtps://…; none: mail stays on /outbox"
    ),
    Setting("TRACKER_MAIL_FROM", "", "sender's address and name"),
    Setting("TRACKER_MAIL_PER_MINUTE", "0", "the most mails sent within a minute of the clock; 0: no limit"),
    Setting("TRACKER_WEBHOOK_URL", "", "https://…: every message also goes there as signed JSON"),
    Setting("TRACKER_WEBHOOK_SECRET", "", "signs what goes to the webhook; at least 16 characters"),
    Setting("TRACKER_TIMEZONE", "Asia/Ho_Chi_Minh", "the zone that people read"),
    Setting("TRACKER_LOCALE", "vi", "first language: vi or en; each person can choose"),
    Setting("TRACKER_SCHEDULER", "on", "off where a separate `tracker scheduler` runs"),
    Setting("TRACKER_HISTORY_MONTHS", "36", "how long the history of changes is kept, in months; at least 12"),
    Setting("TRACKER_NOW", "", "freezes the clock (ISO time); demonstration, dry runs and tests only"),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """The checked settings of one process."""

    data_dir: Path
    database_url: str
    files_dir: Path
    base_url: str
    smtp_url: str | None
    mail_from: str | None
    mail_per_minute: int
    webhook_url: str | None
    webhook_secret: str | None
    zone: ZoneInfo
    locale: str
    scheduler: bool
    history_months: int
    frozen_at: datetime | None
    demo: bool
    secret_key: str


def load_settings(
    environ: Mapping[str, str] = os.environ, *, demo: bool = False, may_freeze: bool = False, serving: bool = False
) -> Settings:
    """Read and check every setting; raise SettingsError naming all that are wrong at once.

    `demo` puts database and files in a folder of their own below the data folder, keeps mail in the outbox and
    allows the frozen clock; `may_freeze` allows it for dry runs and tests. Where no base address is set, commands
    beside a server take the one it last served at; `serving` is for the server itself.
    """
    data_dir = Path(environ.get("TRACKER_DATA_DIR") or "./var").expanduser().resolve()
    problems: list[str] = []
    values = {s.name: s.default for s in SETTINGS} | _from_file(data_dir, problems)
    values |= {name: environ[name] for name in values if environ.get(name)}
    if demo:
        data_dir = data_dir / "demo"
        values |= {"TRACKER_DATABASE_URL": "", "TRACKER_FILES_URL": "", "TRACKER_SMTP_URL": ""}
        values["TRACKER_WEBHOOK_URL"] = ""
    if values["TRACKER_BASE_URL"] == DEFAULT_BASE_URL and not serving:
        values["TRACKER_BASE_URL"] = _last_address(data_dir)
    checked = _checked(values, data_dir, problems)
    if checked["frozen_at"] and not (demo or may_freeze):
        problems.append("TRACKER_NOW: chỉ dùng cho bản minh họa, chạy thử và kiểm thử. Hãy bỏ biến này.")
    if checked["smtp_url"] and not values["TRACKER_MAIL_FROM"]:
        problems.append("TRACKER_MAIL_FROM: còn trống trong khi đã đặt TRACKER_SMTP_URL. Hãy ghi địa chỉ người gửi.")
    if checked["webhook_url"] and not values["TRACKER_WEBHOOK_SECRET"]:
        problems.append(
            "TRACKER_WEBHOOK_SECRET: còn trống trong khi đã đặt TRACKER_WEBHOOK_URL. Hãy đặt một chuỗi ngẫu nhiên."
        )
    if problems:
        raise SettingsError(problems)
    return Settings(data_dir=data_dir, demo=demo, secret_key=_secret_key(data_dir), **checked)


def _checked(values: Mapping[str, str], data_dir: Path, problems: list[str]) -> dict[str, Any]:
    """Every setting in its own type, by the name it has in Settings; a line in `problems` for each that is wrong."""

    def check(name: str, parse: Callable[[str], T], fallback: T) -> T:
        try:
            return parse(values[name])
        except ValueError as wrong:
            problems.append(f"{name}: {wrong}")
            return fallback

    return {
        "database_url": check("TRACKER_DATABASE_URL", _database_url, "") or f"sqlite:///{data_dir / 'tracker.sqlite3'}",
        "files_dir": check("TRACKER_FILES_URL", _files_dir, None) or data_dir / "files",
        "base_url": check("TRACKER_BASE_URL", _base_url, ""),
        "smtp_url": check("TRACKER_SMTP_URL", _smtp_url, None),
        "mail_from": check("TRACKER_MAIL_FROM", _mail_from, None),
        "mail_per_minute": check("TRACKER_MAIL_PER_MINUTE", _most, 0),
        "webhook_url": check("TRACKER_WEBHOOK_URL", _webhook_url, None),
        "webhook_secret": check("TRACKER_WEBHOOK_SECRET", _webhook_secret, None),
        "zone": check("TRACKER_TIMEZONE", _zone, ZoneInfo("UTC")),
        "locale": check("TRACKER_LOCALE", _locale, "vi"),
        "scheduler": check("TRACKER_SCHEDULER", _switch, True),
        "history_months": check("TRACKER_HISTORY_MONTHS", _history_months, 36),
        "frozen_at": check("TRACKER_NOW", _moment, None),
    }


def remember_address(settings: Settings) -> None:
    """Keep the address a server serves at, so that commands beside it write the same links."""
    (settings.data_dir / ADDRESS_FILE).write_text(settings.base_url, encoding="utf-8")


def _last_address(data_dir: Path) -> str:
    try:
        return (data_dir / ADDRESS_FILE).read_text("utf-8").strip() or DEFAULT_BASE_URL
    except (OSError, UnicodeDecodeError):
        return DEFAULT_BASE_URL


def _from_file(data_dir: Path, problems: list[str]) -> dict[str, str]:
    path = data_dir / "tracker.toml"
    if not path.is_file():
        return {}
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as wrong:
        problems.append(f'{path}: không đọc được ({wrong}). Hãy sửa tệp theo dạng TÊN = "giá trị".')
        return {}
    known = {s.name for s in SETTINGS} - {"TRACKER_DATA_DIR"}
    unknown = sorted(set(content) - known)
    problems += [f"{path}: không có thiết đặt tên {name}. Hãy bỏ dòng này." for name in unknown]
    return {name: str(value) for name, value in content.items() if name in known}


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"“{text}” không phải thời điểm ISO. Ví dụ: 2024-12-16T08:00+07:00.") from None
    if at.tzinfo is None:
        raise ValueError(f"“{text}” thiếu múi giờ. Ví dụ: 2024-12-16T08:00+07:00.")
    return at


def _database_url(text: str) -> str:
    if text and not text.startswith(("sqlite:///", "postgresql://")):
        raise ValueError("phải bắt đầu bằng postgresql:// hoặc sqlite:///.")
    return text


def _files_dir(text: str) -> Path | None:
    if not text:
        return None
    parts = urlsplit(text)
    if parts.scheme != "file" or not parts.path:
        raise ValueError("chỉ nhận file:///thư/mục trên máy này.")
    return Path(parts.path)


def _base_url(text: str) -> str:
    parts = urlsplit(text)
    whole = parts.scheme in ("http", "https") and parts.hostname and not (parts.query or parts.fragment)
    if not whole or re.search(r"\s", text) or not _has_port(parts):
        raise ValueError(f"“{text}” không phải địa chỉ gốc. Ví dụ: https://theo-doi.example.vn.")
    return text.rstrip("/")


def _smtp_url(text: str) -> str | None:
    if not text:
        return None
    parts = urlsplit(text)
    options = parse_qsl(parts.query, keep_blank_values=True)
    clear = all(name == "starttls" and value in ("0", "1") for name, value in options)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or not clear or not _has_port(parts):
        # The value may hold a password: it is never repeated in the message.
        raise ValueError("phải có dạng smtp://người-dùng:mật-khẩu@máy:cổng?starttls=1 hoặc smtps://….")
    return text


def _has_port(parts: SplitResult) -> bool:
    """Whether the port of an address is one, or left out."""
    try:
        return parts.port is None or parts.port > 0
    except ValueError:
        return False


def _mail_from(text: str) -> str | None:
    if not text:
        return None
    address = parseaddr(text)[1]
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", address) or not text.isprintable():
        raise ValueError(f"“{text[:80]}” không có địa chỉ thư. Ví dụ: Theo dõi kế hoạch <theo-doi@example.vn>.")
    return text


def _most(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        raise ValueError(f"“{text[:20]}” không phải số thư mỗi phút. Ví dụ: 60; 0 là không giới hạn.")
    return int(text)


def _webhook_url(text: str) -> str | None:
    if not text:
        return None
    parts = urlsplit(text)
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in THIS_MACHINE)
    whole = parts.hostname and not parts.username and text.isascii() and text.isprintable() and " " not in text
    if not safe or not whole or parts.fragment or not _has_port(parts):
        # The address may be a secret of the chat system: it is never repeated in the message.
        raise ValueError("phải có dạng https://máy/đường-dẫn (http:// chỉ dùng cho chính máy này).")
    return text


def _webhook_secret(text: str) -> str | None:
    if text and len(text) < FEWEST_OF_SECRET:
        raise ValueError(f"quá ngắn: cần ít nhất {FEWEST_OF_SECRET} ký tự ngẫu nhiên.")
    return text or None


def _zone(text: str) -> ZoneInfo:
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"không có múi giờ “{text}”. Ví dụ: Asia/Ho_Chi_Minh.") from None


def _locale(text: str) -> str:
    if text not in LOCALES:
        raise ValueError(f"“{text}” chưa được hỗ trợ; hãy chọn vi hoặc en.")
    return text


def _switch(text: str) -> bool:
    words = {"on": True, "1": True, "true": True, "yes": True, "off": False, "0": False, "false": False, "no": False}
    if text.lower() not in words:
        raise ValueError(f"“{text}” không rõ; hãy ghi on hoặc off.")
    return words[text.lower()]


def _history_months(text: str) -> int:
    months = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0
    if months < FEWEST_MONTHS:
        raise ValueError(f"“{text[:20]}” không dùng được: lịch sử phải giữ ít nhất {FEWEST_MONTHS} tháng. Ví dụ: 36.")
    return months


def _secret_key(data_dir: Path) -> str:
    """Read the installation's secret, making it on the first run, readable by its owner alone."""
    path = data_dir / "secret.key"
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_hex(32))
        except FileExistsError:
            pass
        secret = path.read_text("ascii", "replace").strip()
    except OSError as wrong:
        raise SettingsError(
            [f"TRACKER_DATA_DIR: không ghi được vào {data_dir} ({wrong.strerror}). Hãy chọn thư mục ghi được."]
        ) from None
    if not re.fullmatch(r"[0-9a-f]{32,}", secret):
        mend = (
            "Hãy chép lại từ bản sao lưu; nếu không có, hãy xóa tệp để tạo khóa mới: mọi người đăng nhập lại, ai bật "
            "xác thực hai bước thì dùng mã dự phòng."
        )
        raise SettingsError([f"TRACKER_DATA_DIR: {path} hỏng. {mend}"])
    return secret
