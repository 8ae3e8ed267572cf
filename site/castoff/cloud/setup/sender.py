"""The sender of crew mail: an identity that SES has already, or one for the stack to make."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from castoff.cloud.calls import call

if TYPE_CHECKING:
    from collections.abc import Mapping

    from castoff.cloud.account import Account
    from castoff.cloud.standing import Standing

_NAMED: Final = "MailIdentityName"
_MADE: Final = "MailIdentity"


def with_sender(account: Account, standing: Standing | None, asked: Mapping[str, str | None]) -> dict[str, str]:
    """Return the parameter that names the sender's identity, its address or domain; empty, and the stack makes one.

    What SES has cannot be made again: a stack that tried would fail, and take all that it made with it. Nothing is
    decided where somebody said it, and where the stack's own identity still is the sender. Raises CallError.
    """
    deployed = standing.parameters if standing else {}
    address = asked.get("MailFrom") or deployed.get("MailFrom", "")
    own = standing is not None and _MADE in standing.resources and deployed.get("MailFrom") == address
    if own or asked.get(_NAMED) is not None:
        return {}
    known = [one for one in (address, address.rpartition("@")[2]) if _is_known(account, one)]
    if deployed.get(_NAMED) in known:
        return {}
    return {_NAMED: known[0] if known else ""}


def _is_known(account: Account, identity: str) -> bool:
    """Ask SES; also of one that waits to be confirmed, which cannot be made again either."""
    client = account.session.client("sesv2", **account.options)
    unknown = client.exceptions.NotFoundException
    try:
        with call("GetEmailIdentity", f"sender `{identity}`", passing=(unknown,)):
            client.get_email_identity(EmailIdentity=identity)
    except unknown:
        return False
    return True
