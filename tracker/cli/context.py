"""What every command begins with: options, the application on the right database, and ways to answer."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import click
from flask import Flask

from tracker.cli import demo as demonstration
from tracker.cli.database import application, ensure_ready
from tracker.clock import Clock
from tracker.config import Settings, load_settings

demo_option = click.option("--demo", is_flag=True, help="Làm trên cơ sở dữ liệu và đồng hồ của bản minh họa.")
json_option = click.option("--json", "as_json", is_flag=True, help="In đúng một tài liệu JSON ra stdout.")


@contextmanager
def open_app(demo: bool, *, clock: Clock | None = None, may_freeze: bool = False) -> Iterator[Flask]:
    """The application inside its context, on a database that is ready; DatabaseNotReady in words where it is not.

    The demonstration is built first where there is none. `clock` replaces the clock that the settings ask for;
    `may_freeze` lets TRACKER_NOW freeze it outside the demonstration (dry runs).
    """
    settings = running_settings(demo, may_freeze=may_freeze)
    if demo and not demonstration.is_built(settings):
        say("Đang dựng bản minh họa…")
        demonstration.build(settings, demonstration.frozen_at(settings))
    with application(settings, clock) as app:
        ensure_ready(settings)
        yield app


def running_settings(demo: bool, *, may_freeze: bool = False) -> Settings:
    """The settings of a command; the demonstration's clock stands where the demonstration was built."""
    settings = load_settings(demo=demo, may_freeze=may_freeze)
    if not demo:
        return settings
    return replace(settings, frozen_at=settings.frozen_at or demonstration.frozen_at(settings))


def say(*lines: str) -> None:
    """Words for people, on stderr."""
    for line in lines:
        click.echo(line, err=True)


def print_json(document: Any) -> None:
    """One JSON document on stdout."""
    click.echo(json_text(document), nl=False)


def json_text(document: Any) -> str:
    """A JSON document as people can read it too."""
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
