"""Which files of the fault matrix are asked."""

from __future__ import annotations

from pathlib import Path

from faults.matrix import PROOF

_SAMPLE = "test_sample.py"
_WHOLE = [file.name for file in Path(__file__).parent.glob("test_whole_*.py")]

collect_ignore = [_SAMPLE] if PROOF else _WHOLE
