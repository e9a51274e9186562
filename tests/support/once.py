"""What is dear to make and only copied: made by one of the workers side by side, for all."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

PATIENCE = 120  # seconds


class Once:
    """Folders below `common`, each filled by whoever asks for it first while the others wait."""

    def __init__(self, common: Path) -> None:
        self._common = common

    def folder(self, name: str, fill: Callable[[Path], object]) -> Path:
        """The folder `name`, filled by `fill`, to be copied and not written in.

        Where `fill` fails, the next who asks tries. Fails the test after two minutes of waiting.
        """
        made, begun = self._common / name, self._common / f"{name}.begun"
        waiting_until = time.monotonic() + PATIENCE
        while not made.exists():
            try:
                begun.mkdir()
            except FileExistsError:
                if time.monotonic() > waiting_until:
                    pytest.fail(f"{made} is being made by somebody who does not come to an end")
                time.sleep(0.05)
            else:
                self._fill(begun, made, fill)
        return made

    @staticmethod
    def _fill(begun: Path, made: Path, fill: Callable[[Path], object]) -> None:
        try:
            fill(begun)
            begun.rename(made)
        except BaseException:
            shutil.rmtree(begun)
            raise
