"""Where the tests keep their files: in memory, where the system has a folder there with room."""

import shutil
from pathlib import Path

SHARED_MEMORY = Path("/dev/shm")
ROOM = 2 * 1024**3


def memory_folder() -> Path | None:
    """The system's folder in memory; None where there is none or less than 2 GiB free in it, as in small containers."""
    if SHARED_MEMORY.is_dir() and shutil.disk_usage(SHARED_MEMORY).free >= ROOM:
        return SHARED_MEMORY
    return None
