"""dev.py: what it decides, in its pure functions, and what it says to people."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

import dev

BOTH = {"venv", "ensurepip"}


@pytest.mark.parametrize(
    ("version", "modules", "debian", "words"),
    [
        ((3, 10), BOTH, True, "Python 3.11 or newer is needed, this is 3.10"),
        ((3, 11), {"venv"}, True, "apt install python3-venv"),
        ((3, 12), {"ensurepip"}, False, "https://www.python.org/downloads/"),
    ],
)
def test_what_python_lacks_is_said_with_its_mend(
    version: tuple[int, int], modules: set[str], debian: bool, words: str
) -> None:
    said = dev.missing_for_python(version, modules, debian)
    assert said is not None
    vietnamese, english = said.splitlines()
    assert words in english
    assert "Hãy cài" in vietnamese


@pytest.mark.parametrize("version", [(3, 11), (3, 14), (4, 0)])
def test_a_whole_python_lacks_nothing(version: tuple[int, int]) -> None:
    assert dev.missing_for_python(version, BOTH, False) is None


def test_an_old_python_can_read_the_file_that_tells_it_so() -> None:
    ast.parse(Path(dev.__file__).read_text(encoding="utf-8"), feature_version=(3, 7))


@pytest.mark.parametrize(
    ("stamp", "name", "wanted", "answer"),
    [
        ('{"requirements.txt": "abc"}', "requirements.txt", "abc", True),
        ('{"requirements.txt": "abc"}', "requirements.txt", "abd", False),
        ('{"requirements.txt": "abc"}', "requirements-dev.txt", "abc", False),
        ('{"requirements.txt": "abc", "requirements-dev.txt": "d"}', "requirements.txt", "abc", True),
        ("[]", "requirements.txt", "abc", False),
        ('{"requirem', "requirements.txt", "abc", False),
        ("", "requirements.txt", "abc", False),
    ],
)
def test_the_stamp_tells_what_is_installed(stamp: str, name: str, wanted: str, answer: bool) -> None:
    assert dev.installed(stamp, name, wanted) is answer


class Pip:
    """Stands where pip does: notes what it was asked for and answers as told."""

    def __init__(self, status: int = 0) -> None:
        self.status, self.asked = status, list[str]()

    def __call__(self, command: list[str], **_options: object) -> subprocess.CompletedProcess[str]:
        self.asked.append(command[-1])
        return subprocess.CompletedProcess(command, self.status, stdout="pip's own reason")


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty checkout with the two requirements files and an environment without packages."""
    python = dev.environment_python(tmp_path / ".venv")
    python.parent.mkdir(parents=True)
    for name in (dev.RUN_SET, dev.DEV_SET):
        (tmp_path / name).write_text(f"# {name}\n")
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    monkeypatch.setattr(dev, "STAMP", tmp_path / "stamp.json")
    monkeypatch.setattr(dev, "environment_python", lambda: python)
    return tmp_path


def test_packages_are_installed_once_until_their_file_changes(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pip = Pip()
    monkeypatch.setattr(subprocess, "run", pip)
    for name in (dev.RUN_SET, dev.RUN_SET, dev.DEV_SET, dev.DEV_SET, dev.RUN_SET):
        dev.install(name)
    assert pip.asked == [dev.RUN_SET, dev.DEV_SET]
    (checkout / dev.RUN_SET).write_text("# newer\n")
    dev.install(dev.RUN_SET)
    dev.install(dev.DEV_SET)
    assert pip.asked[2:] == [dev.RUN_SET, dev.DEV_SET]
    assert set(json.loads((checkout / "stamp.json").read_text())) == {dev.RUN_SET, dev.DEV_SET}


def test_a_failed_installation_is_told_and_tried_again(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pip = Pip(status=1)
    monkeypatch.setattr(subprocess, "run", pip)
    for _ in range(2):
        with pytest.raises(dev.Problem, match=r"pip's own reason\n[\s\S]*HTTPS_PROXY[\s\S]*check the connection"):
            dev.install(dev.RUN_SET)
    assert pip.asked == [dev.RUN_SET, dev.RUN_SET]


def test_the_launcher_finds_the_checkout_in_a_folder_with_any_name(tmp_path: Path) -> None:
    home = tmp_path / "Hải An's folder"
    (home / "tracker").mkdir(parents=True)
    (home / "tracker" / "__init__.py").touch()
    (home / "tracker" / "cli.py").write_text("import sys\ndef main():\n    print(sys.argv)\n    return 3\n")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(home / ".venv")], check=True)
    name, text = dev.launcher(dev.environment_python(home / ".venv"), dev.WINDOWS)
    command = dev.environment_python(home / ".venv").with_name(name)
    command.write_text(text, encoding="utf-8")
    command.chmod(0o755)
    done = subprocess.run([str(command), "run", "two words"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == ("['tracker', 'run', 'two words']\n", 3)


def test_the_launcher_of_windows_holds_no_path() -> None:
    name, text = dev.launcher(Path("C:/Hải An/.venv/Scripts/python.exe"), windows=True)
    assert name == "tracker.cmd"
    assert text.startswith('@"%~dp0python.exe" -P -c "')
    assert text.isascii()


@pytest.mark.parametrize(
    ("found", "installable", "ci", "step"),
    [
        (True, False, True, "use"),
        (True, True, False, "use"),
        (False, True, True, "install"),
        (False, True, False, "install"),
        (False, False, False, "skip"),
        (False, False, True, "fail"),
    ],
)
def test_the_browser_is_used_installed_skipped_or_insisted_on(
    found: bool, installable: bool, ci: bool, step: str
) -> None:
    assert dev.browser_step(found, installable, ci) == step


@pytest.mark.parametrize(
    ("arguments", "address"),
    [
        ([], "http://127.0.0.1:8000"),
        (["--port", "9000"], "http://127.0.0.1:9000"),
        (["--host=0.0.0.0", "--at", "2025-01-02"], "http://0.0.0.0:8000"),
    ],
)
def test_the_address_follows_the_options(arguments: list[str], address: str) -> None:
    assert dev.address(arguments) == address


def test_a_failing_check_fails_and_shows_why(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dev, "environment_python", lambda: Path(sys.executable))
    monkeypatch.setattr(dev, "CHECKS", (("good", ("-c", "print('quiet')")), ("bad", ("-c", "exit('the reason')"))))
    assert dev.run_checks() is False
    lines = capfd.readouterr().out.splitlines()
    assert lines[:3] == ["good            ok", "bad             FAILED", "the reason"]


@pytest.mark.parametrize(
    ("title", "words"),
    [("ruff check", "F401"), ("ruff format", "1 file would be reformatted"), ("mypy", "[no-untyped-def]")],
)
def test_each_check_fails_where_its_rule_is_broken(title: str, words: str, tmp_path: Path) -> None:
    """A check that cannot fail would look just the same on a good day. For the imports see test_layers.py."""
    for folder in ("tracker/domain", "tests/support"):
        (tmp_path / folder).mkdir(parents=True)
    for file in ("tracker/__init__.py", "tracker/domain/__init__.py", "tests/support/__init__.py", "wsgi.py"):
        (tmp_path / file).touch()
    (tmp_path / "pyproject.toml").write_text((dev.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (tmp_path / "tracker" / "domain" / "bad.py").write_text("import os\ndef f(x) :\n  return x\n")
    command = [sys.executable, *dict(dev.CHECKS)[title]]
    done = subprocess.run(command, cwd=tmp_path, **dev.KEPT, check=False)
    assert (done.returncode, words in done.stdout) == (1, True), done.stdout


@pytest.mark.parametrize("arguments", [[], ["fly"]])
def test_an_unknown_command_shows_the_commands(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main(arguments) == 2
    assert "python3 dev.py run" in capsys.readouterr().err


def test_help_is_no_fault(capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main(["--help"]) == 0
    assert "python3 dev.py run" in capsys.readouterr().out
