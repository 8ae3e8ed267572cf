"""Whoever tells the operator something, over a terminal that may be gone by then."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

_LOG = logging.getLogger(__name__)

_Told = TypeVar("_Told")


def lasting(tell: Callable[[_Told], None]) -> Callable[[_Told], None]:
    """Return a teller that takes nothing with it when it fails, and that is not asked again from then on."""
    failed = False

    def told(what: _Told) -> None:
        nonlocal failed
        if failed:
            return
        try:
            tell(what)
        except OSError:
            failed = True  # the terminal is gone, or what it was piped into
        except Exception:  # noqa: BLE001 - a fault of ours must not end the preview; it is told whole
            failed = True
            _LOG.exception("castoff itself broke over what it was to tell, and is silent from here on")

    return told
