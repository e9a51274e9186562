"""The `tracker` command: its parts put together, and every failure told in a sentence with an exit status."""

import sys
from collections.abc import Sequence
from io import TextIOWrapper

import click
from sqlalchemy.exc import DBAPIError

from tracker.cli.check import check
from tracker.cli.context import say
from tracker.cli.database import DatabaseNotReady
from tracker.cli.days_off import days_off
from tracker.cli.feed import feed
from tracker.cli.history import history
from tracker.cli.plan import plan
from tracker.cli.remind import remind, scheduler
from tracker.cli.run import run
from tracker.cli.unit import unit
from tracker.cli.urged import urged
from tracker.cli.user import user
from tracker.config import SettingsError
from tracker.domain.errors import PLANS, UNITS, TrackerError

DONE, REFUSED, WRONG_USE = 0, 1, 2
LISTS = {UNITS: "Xem mã: tracker unit list.", PLANS: "Xem các kế hoạch: tracker plan status."}


@click.group()
def commands() -> None:
    """Theo dõi kế hoạch giáo dục của địa phương: ai làm gì, đến hạn khi nào, đã xong chưa.

    Mọi lệnh nhận --demo để làm việc trên bản minh họa.
    """


for command in (run, scheduler, plan, remind, urged, feed, unit, user, days_off, history, check):
    commands.add_command(command)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when done, 1 when the input is refused, 2 for wrong use, settings or set-up."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a Windows console may know no Vietnamese
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        return commands.main(args=arguments, prog_name="tracker", standalone_mode=False) or DONE
    except click.exceptions.NoArgsIsHelpError as help_wanted:
        help_wanted.show()
        return WRONG_USE
    except click.ClickException as wrong:
        wrong.show()
        return WRONG_USE
    except (click.Abort, KeyboardInterrupt):
        say("Đã dừng.")
        return REFUSED
    except SettingsError as wrong:
        say(*wrong.lines)
        return WRONG_USE
    except DatabaseNotReady as problem:
        say(problem.text())
        return WRONG_USE
    except TrackerError as refused:
        say(" ".join(filter(None, (refused.text(), LISTS.get(refused.listed)))))
        return REFUSED
    except DBAPIError as failed:
        say(_told(failed))
        return REFUSED


def _told(failed: DBAPIError) -> str:
    reason = str(failed.orig).splitlines()[0] if failed.orig else str(failed)
    if "locked" in reason:
        return (
            "Cơ sở dữ liệu đang bị khóa vì chương trình khác đang ghi lâu; chưa ghi gì. Hãy đóng chương trình đó (hoặc "
            "đợi sao lưu xong) rồi chạy lại."
        )
    return f"Cơ sở dữ liệu báo lỗi, chưa ghi gì: {reason}. Hãy chạy `tracker check` để xem nguyên nhân."
