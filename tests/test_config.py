"""Settings that are wrong stop the start with one line each."""

import stat

import pytest

from tracker.config import SettingsError, load_settings, remember_address


def settings(tmp_path, **values):
    return load_settings({"TRACKER_DATA_DIR": str(tmp_path), **values})


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("TRACKER_DATABASE_URL", "mysql://x", "postgresql://"),
        ("TRACKER_FILES_URL", "s3://kho", "file:///"),
        ("TRACKER_BASE_URL", "theo-doi.vn", "không phải địa chỉ gốc"),
        ("TRACKER_BASE_URL", "http://h:99999", "không phải địa chỉ gốc"),
        ("TRACKER_BASE_URL", "http://a b/", "không phải địa chỉ gốc"),
        ("TRACKER_SMTP_URL", "mail.example.vn", "smtp://"),
        ("TRACKER_SMTP_URL", "smtp://h:99999", "smtp://"),
        ("TRACKER_SMTP_URL", "smtp://h:abc", "smtp://"),
        ("TRACKER_SMTP_URL", "smtp://u:bi-mat@h?starttls=maybe", "smtp://"),
        ("TRACKER_MAIL_FROM", "không phải địa chỉ", "không có địa chỉ thư"),
        ("TRACKER_MAIL_PER_MINUTE", "nhiều", "số thư mỗi phút"),
        ("TRACKER_MAIL_PER_MINUTE", "-1", "số thư mỗi phút"),
        ("TRACKER_WEBHOOK_URL", "http://chat.example.vn/bi-mat", "https://"),
        ("TRACKER_WEBHOOK_URL", "https://u:bi-mat@chat.example.vn/", "https://"),
        ("TRACKER_WEBHOOK_URL", "https://h:99999/bi-mat", "https://"),
        ("TRACKER_WEBHOOK_SECRET", "bi-mat", "ít nhất 16 ký tự"),
        ("TRACKER_TIMEZONE", "Hà Nội", "không có múi giờ"),
        ("TRACKER_TIMEZONE", "Asia", "không có múi giờ"),
        ("TRACKER_LOCALE", "fr", "chọn vi hoặc en"),
        ("TRACKER_SCHEDULER", "maybe", "on hoặc off"),
        ("TRACKER_HISTORY_MONTHS", "6", "ít nhất 12 tháng"),
        ("TRACKER_NOW", "2024-12-16T08:00+07:00", "chỉ dùng cho bản minh họa"),
        ("TRACKER_NOW", "hôm qua", "không phải thời điểm ISO"),
    ],
)
def test_a_bad_setting_is_named_with_its_mend(tmp_path, name, value, words):
    with pytest.raises(SettingsError) as refusal:
        settings(tmp_path, **{"TRACKER_MAIL_FROM": "a@example.vn", name: value})
    assert [line for line in refusal.value.lines if line.startswith(f"{name}: ") and words in line]
    assert "bi-mat" not in str(refusal.value)


def test_all_that_is_wrong_is_told_at_once(tmp_path):
    with pytest.raises(SettingsError) as refusal:
        settings(tmp_path, TRACKER_LOCALE="fr", TRACKER_SCHEDULER="maybe", TRACKER_SMTP_URL="smtp://h")
    assert len(refusal.value.lines) == 3


def test_a_webhook_needs_its_secret_and_may_be_plain_on_this_machine_alone(tmp_path):
    with pytest.raises(SettingsError, match="TRACKER_WEBHOOK_SECRET: còn trống"):
        settings(tmp_path, TRACKER_WEBHOOK_URL="https://chat.example.vn/hook")
    found = settings(
        tmp_path, TRACKER_WEBHOOK_URL="http://127.0.0.1:8080/hook?x=1", TRACKER_WEBHOOK_SECRET="mười sáu ký tự đây"
    )
    assert found.webhook_url == "http://127.0.0.1:8080/hook?x=1"
    assert load_settings({"TRACKER_DATA_DIR": str(tmp_path)}, demo=True).webhook_url is None


def test_the_secret_is_made_once_and_is_the_owners_alone(tmp_path):
    first, second = settings(tmp_path), settings(tmp_path)
    assert first.secret_key == second.secret_key
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600


@pytest.mark.parametrize("content", [b"", b"abc", b"\xff\xfe\x00 not a key at all, but long enough"])
def test_a_damaged_secret_is_told_with_its_mend(tmp_path, content):
    (tmp_path / "secret.key").write_bytes(content)
    with pytest.raises(SettingsError, match="hãy xóa tệp để tạo khóa mới"):
        settings(tmp_path)


@pytest.mark.parametrize(
    ("text", "words"),
    [("TRACKER_LOCALE = ", "không đọc được"), ('TRACKER_COLOUR = "red"', "không có thiết đặt tên TRACKER_COLOUR")],
)
def test_a_bad_settings_file_is_told(tmp_path, text, words):
    (tmp_path / "tracker.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=words):
        settings(tmp_path)


def test_the_environment_wins_over_the_file(tmp_path):
    (tmp_path / "tracker.toml").write_text('TRACKER_LOCALE = "en"', encoding="utf-8")
    assert settings(tmp_path).locale == "en"
    assert settings(tmp_path, TRACKER_LOCALE="vi").locale == "vi"


def test_commands_beside_a_server_write_the_links_it_serves(tmp_path):
    serving = load_settings({"TRACKER_DATA_DIR": str(tmp_path)}, serving=True)
    assert serving.base_url == "http://127.0.0.1:8000"
    remember_address(settings(tmp_path, TRACKER_BASE_URL="http://127.0.0.1:8123"))
    assert settings(tmp_path).base_url == "http://127.0.0.1:8123"
    assert settings(tmp_path, TRACKER_BASE_URL="https://theo-doi.example.vn").base_url == "https://theo-doi.example.vn"


def test_the_demonstration_keeps_its_database_and_its_mail_to_itself(tmp_path):
    demo = load_settings(
        {"TRACKER_DATA_DIR": str(tmp_path), "TRACKER_DATABASE_URL": "postgresql://x/y", "TRACKER_SMTP_URL": "smtp://h"},
        demo=True,
    )
    assert demo.database_url == f"sqlite:///{tmp_path / 'demo' / 'tracker.sqlite3'}"
    assert demo.smtp_url is None
