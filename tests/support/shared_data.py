"""Where the real data for tests lie; they are read in place and never copied into the project."""

import os
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


def shared(name):
    """Return the path of one shared file; skip where the folder is absent, except where CI must have it."""
    path = SHARED / name
    if not path.exists() and not os.environ.get("CI"):
        pytest.skip(f"the shared data are not here ({path})")
    return path


needs_shared = pytest.mark.skipif(
    not SHARED.exists() and not os.environ.get("CI"), reason=f"the shared data are not here ({SHARED})"
)
