"""Where to go on, as a form or an address says it."""

from flask import request


def local_path(wanted: str) -> str:
    """`wanted` where it is a path of ours, else the overview: nobody is led to another host."""
    local = wanted.startswith("/") and not wanted.startswith("//") and "\\" not in wanted and wanted.isprintable()
    return wanted if local else request.script_root + "/"
