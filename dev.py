"""Sets tracker up on a machine that has Python alone, then shows, checks or tests it.

    python3 dev.py run     environment, dependencies, database, the real plan as a demonstration;
                           options go to `tracker run`
    python3 dev.py test    environment, dependencies, every check and test;
                           options go to pytest, --long adds the long checks
    python3 dev.py setup   the environment alone, with the `tracker` command in it; --dev adds the tools for tests
    python3 dev.py format  puts the sources in their one format
    python3 dev.py words   writes the messages of the sources into translations/, where their English is to be filled in
    python3 dev.py lock    writes the requirements files anew (needs uv); --upgrade takes newer versions

Standard library only. This file must be readable by older Pythons, so that they can say that they are too old.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from io import TextIOWrapper
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "installed.json"
WINDOWS = os.name == "nt"
OLDEST_PYTHON = (3, 11)
RUN_SET = "requirements.txt"
DEV_SET = "requirements-dev.txt"
ENGLISH = ROOT / "translations" / "en" / "LC_MESSAGES" / "messages.po"
# What each check hands to the environment's Python. `-m importlinter.cli` would do nothing and succeed.
CHECKS = (
    ("ruff check", ("-m", "ruff", "check", ".")),
    ("ruff format", ("-m", "ruff", "format", "--check", ".")),
    ("mypy", ("-m", "mypy")),
    ("import-linter", ("-c", "from importlinter.cli import lint_imports_command; lint_imports_command()")),
)
# A worker for each processor: one more would wait less and load everything once more. In the order of the tests, which
# begins with the long files.
SIDE_BY_SIDE = ["-n", str(os.cpu_count() or 1), "--dist", "loadfile", "--no-loadscope-reorder"]
COMPILE = "uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header"
# Debian has a Chromium without windows, which needs half the time; other systems have the whole one alone.
CHROMIUM_PACKAGES = ("chromium-headless-shell", "chromium")
FONT_PACKAGES = ("fonts-liberation2", "fonts-noto-core")
CHROMIUM_NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
)
CHROMIUM_PLACES = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "{ProgramFiles}/Google/Chrome/Application/chrome.exe",
    "{ProgramFiles(x86)}/Microsoft/Edge/Application/msedge.exe",
)
# A program that asks nothing and whose output is kept.
KEPT: dict[str, Any] = {
    "stdin": subprocess.DEVNULL,
    "stdout": subprocess.PIPE,
    "stderr": subprocess.STDOUT,
    "text": True,
    "encoding": "utf-8",
    "errors": "replace",
}


TOO_OLD = """\
Cần Python 3.11 trở lên; máy đang dùng {version}. Hãy cài bản mới rồi chạy lại bằng bản đó.
Python 3.11 or newer is needed, this is {version}. Install a newer one and run dev.py with it."""
NO_VENV = """\
Python này thiếu venv hoặc ensurepip. Hãy cài rồi chạy lại: {mend}
This Python lacks venv or ensurepip. Install them and try again: {mend}"""
NO_ENVIRONMENT = """\
{output}
Không tạo được môi trường Python ở {place}; lý do ở trên. Hãy xem quyền ghi và chỗ trống của đĩa.
The Python environment could not be made in {place}; the reason is above. Check write access and disk space."""
NO_PACKAGES = """\
{output}
Không cài được các gói; lý do của pip ở trên. Thường là do mạng: hãy xem kết nối, proxy (biến HTTPS_PROXY) hoặc kho gói
của cơ quan (pip config), rồi chạy lại.
The packages could not be installed; pip's reason is above. Most often it is the network: check the connection, the
proxy (variable HTTPS_PROXY) or your office's package mirror (pip config), then try again."""


class Problem(Exception):
    """What stops the work, in words for the person at the keyboard: what is missing and how to mend it."""


# --- the environment ---------------------------------------------------------------------------------------------


def missing_for_python(version: tuple[int, int], modules: set[str], debian: bool) -> str | None:
    """Tells what this Python lacks: its version, the modules it has of `venv` and `ensurepip`, the system's kind.

    None when nothing is missing.
    """
    if version < OLDEST_PYTHON:
        return TOO_OLD.format(version=".".join(map(str, version)))
    if not {"venv", "ensurepip"} <= modules:
        return NO_VENV.format(mend="apt install python3-venv" if debian else "https://www.python.org/downloads/")
    return None


def environment_python(venv: Path = VENV, windows: bool = WINDOWS) -> Path:
    return venv / "Scripts" / "python.exe" if windows else venv / "bin" / "python"


def make_environment() -> None:
    """Makes the virtual environment unless a working one is there."""
    modules = {name for name in ("venv", "ensurepip") if importlib.util.find_spec(name)}
    problem = missing_for_python(sys.version_info[:2], modules, Path("/etc/debian_version").exists())
    if problem:
        raise Problem(problem)
    python = environment_python()
    if python.exists() and subprocess.run([str(python), "-c", "import pip"], check=False, **KEPT).returncode == 0:
        return
    say("Đang tạo môi trường Python", "creating the Python environment")
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=False, **KEPT)
    if made.returncode != 0:
        raise Problem(NO_ENVIRONMENT.format(output=made.stdout, place=VENV))


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def installed(stamp: str, name: str, wanted: str) -> bool:
    """Whether the stamp (JSON: file name -> digest) tells that file `name` with digest `wanted` is installed."""
    try:
        return json.loads(stamp).get(name) == wanted
    except (ValueError, AttributeError):
        return False


def install(name: str) -> None:
    """Installs a requirements file by its hashes; does nothing while the file is as it was last time."""
    # The larger set holds the smaller one, so a test environment also serves `run`.
    names = (RUN_SET, DEV_SET) if name == DEV_SET else (RUN_SET,)
    digests = {each: digest((ROOT / each).read_text(encoding="utf-8")) for each in names}
    if STAMP.exists() and installed(STAMP.read_text(encoding="utf-8"), name, digests[name]):
        return
    STAMP.unlink(missing_ok=True)
    say(f"Đang cài các gói trong {name}", f"installing {name}, a minute or two the first time")
    pip = [str(environment_python()), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    done = subprocess.run([*pip, "--require-hashes", "-r", name], cwd=ROOT, check=False, **KEPT)
    if done.returncode != 0:
        raise Problem(NO_PACKAGES.format(output=done.stdout))
    write_launcher()
    STAMP.write_text(json.dumps(digests), encoding="utf-8")


def launcher(python: Path, windows: bool) -> tuple[str, str]:
    """The `tracker` command's file name and text. It finds the checkout beside the environment it lives in."""
    code = (
        "import os, sys; sys.path.insert(0, os.path.dirname(sys.prefix)); sys.argv[0] = 'tracker'; "
        "from tracker.cli import main; sys.exit(main())"
    )
    if windows:  # no path inside: cmd.exe would read a folder's Vietnamese name in another encoding
        return "tracker.cmd", f'@"%~dp0python.exe" -P -c "{code}" %*\r\n'
    return "tracker", f'#!/bin/sh\nexec {shlex.quote(str(python))} -P -c {shlex.quote(code)} "$@"\n'


def write_launcher() -> None:
    python = environment_python()
    name, text = launcher(python, WINDOWS)
    file = python.with_name(name)
    file.write_bytes(text.encode())
    file.chmod(0o755)


def set_up(name: str) -> None:
    make_environment()
    install(name)


# --- the browser -------------------------------------------------------------------------------------------------


def find_chromium() -> str | None:
    """The system's Chromium or one of its kin (Chrome, Edge), as a path; None where there is none."""
    for name in CHROMIUM_NAMES:
        path = shutil.which(name)
        if path:
            return path
    for place in CHROMIUM_PLACES:
        with contextlib.suppress(KeyError):
            path = place.format_map(os.environ)
            if Path(path).exists():
                return path
    return None


def browser_step(found: bool, installable: bool, ci: bool) -> str:
    """What to do about the browser: `use` it, `install` it, `skip` its tests, or `fail` because CI never skips."""
    if found:
        return "use"
    if installable:
        return "install"
    return "fail" if ci else "skip"


def prepare_browser() -> None:
    installable = bool(shutil.which("apt-get")) and hasattr(os, "geteuid") and os.geteuid() == 0
    ci = os.environ.get("CI") == "true"
    step = browser_step(bool(find_chromium()), installable, ci)
    if step == "install" and not apt_install():
        step = browser_step(False, False, ci)
    how = " ".join(("apt install chromium", *FONT_PACKAGES)) + " (or Chrome, Edge)"
    if step == "fail":
        raise Problem(f"Chromium is missing and CI does not skip the browser tests. Install it: {how}")
    if step == "skip":
        print(f"browser tests   skipped: no Chromium on this machine. To have them: {how}", flush=True)


def apt_install() -> bool:
    """Installs Chromium, and fonts that hold all Vietnamese letters, waiting for another apt. Whether it worked."""
    say("Đang cài Chromium", "installing Chromium for the browser tests")
    apt = ["apt-get", "-o", "DPkg::Lock::Timeout=300", "-qq"]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    installs = (["install", "-y", "--no-install-recommends", each, *FONT_PACKAGES] for each in CHROMIUM_PACKAGES)
    output = ""
    for step in (["update"], *installs):
        done = subprocess.run([*apt, *step], env=environment, check=False, **KEPT)
        output += done.stdout
        if done.returncode == 0 and "install" in step:
            return True
    print(output, flush=True)
    return False


# --- the commands ------------------------------------------------------------------------------------------------


def run(arguments: list[str]) -> int:
    set_up(RUN_SET)
    say("Đang mở bản trình diễn", "starting the demonstration (Ctrl+C ends it): " + address(arguments))
    command = [str(environment_python()), "-m", "tracker", "run", "--demo", *arguments]
    os.chdir(ROOT)
    if not WINDOWS:
        os.execv(command[0], command)  # signals and exit status are then the server's own
    with contextlib.suppress(KeyboardInterrupt):
        return subprocess.call(command)
    return 0


def address(arguments: list[str]) -> str:
    """Where `tracker run` with these options will be found."""
    values = {"--host": "127.0.0.1", "--port": "8000"}
    for index, argument in enumerate(arguments):
        name, equals, value = argument.partition("=")
        if name in values:
            values[name] = value if equals else "".join(arguments[index + 1 : index + 2])
    return f"http://{values['--host']}:{values['--port']}"


def test(arguments: list[str]) -> int:
    set_up(DEV_SET)
    prepare_browser()
    if not run_checks():
        return 1
    # A test that is asked for by name runs without the start of workers.
    workers = [] if any("::" in each for each in arguments) else SIDE_BY_SIDE
    environment = dict(os.environ)
    # Each worker, and each process of the program that a test starts, would compile all sources again.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [str(environment_python()), "-m", "pytest", *workers, *arguments]
    return subprocess.call(command, cwd=ROOT, env=environment)


def run_checks() -> bool:
    """Runs the checks of the sources side by side and prints one line each, with the output of those that fail."""
    python = str(environment_python())
    running = [(title, subprocess.Popen([python, *command], cwd=ROOT, **KEPT)) for title, command in CHECKS]
    passed = True
    for title, process in running:
        output, _ = process.communicate()
        print(f"{title:<15} {'ok' if process.returncode == 0 else 'FAILED'}", flush=True)
        if process.returncode != 0:
            passed = False
            print(output, flush=True)
    return passed


def setup(arguments: list[str]) -> int:
    set_up(DEV_SET if "--dev" in arguments else RUN_SET)
    print(environment_python().with_name(launcher(environment_python(), WINDOWS)[0]))
    return 0


def format_sources(arguments: list[str]) -> int:
    set_up(DEV_SET)
    ruff = [str(environment_python()), "-m", "ruff"]
    subprocess.call([*ruff, "check", "--fix-only", "--quiet", *arguments], cwd=ROOT)
    return subprocess.call([*ruff, "format", *arguments], cwd=ROOT)


def lock(arguments: list[str]) -> int:
    """Writes the exact versions and hashes, good for all systems and Pythons, without the address they came from."""
    if not shutil.which("uv"):
        raise Problem("Cần uv: pip install uv\nuv is needed: pip install uv")
    for name in (RUN_SET, DEV_SET):
        command = [*COMPILE.split(), *arguments, name.replace(".txt", ".in"), "-o", name]
        status = subprocess.call(command, cwd=ROOT)
        if status != 0:
            return status
    return 0


def words(arguments: list[str]) -> int:
    """Adds new messages to the catalogues and drops those that nobody says any more; what is translated stays."""
    set_up(DEV_SET)
    babel = [str(environment_python()), "-m", "babel.messages.frontend", "-q"]
    header, _, _ = ENGLISH.read_text(encoding="utf-8").partition("\n\n")
    with tempfile.TemporaryDirectory() as folder:
        found = str(Path(folder) / "messages.pot")
        extract = ["extract", "-F", "translations/babel.cfg", "-k", "N_", "--no-location", "--sort-output", "-o", found]
        update = ["update", "-i", found, "-d", "translations", "-l", "en", "--no-fuzzy-matching", "--ignore-obsolete"]
        status = subprocess.call([*babel, *extract, "."], cwd=ROOT)
        status = status or subprocess.call([*babel, *update, "-w", "120", *arguments], cwd=ROOT)
    # Babel writes its placeholders and the hour into the header: a change that says nothing.
    _, _, entries = ENGLISH.read_text(encoding="utf-8").partition("\n\n")
    ENGLISH.write_text(f"{header}\n\n{entries}", encoding="utf-8")
    return status


COMMANDS = {"run": run, "test": test, "setup": setup, "format": format_sources, "words": words, "lock": lock}


def say(vietnamese: str, english: str) -> None:
    print(f"{vietnamese} / {english}", flush=True)


def main(arguments: list[str]) -> int:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a Windows console may know no Vietnamese
            stream.reconfigure(encoding="utf-8", errors="replace")
    if arguments in (["-h"], ["--help"]):
        print(__doc__)
        return 0
    if not arguments or arguments[0] not in COMMANDS:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        return COMMANDS[arguments[0]](arguments[1:])
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
