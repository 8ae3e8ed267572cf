"""Mail: out of the sandbox, sending, from an address that is verified."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from castoff.cloud.doctor.access import NO_STACK
from castoff.cloud.doctor.finding import looking, ok, skipped, warn, wrong

if TYPE_CHECKING:
    from collections.abc import Mapping

    from castoff.cloud.doctor.finding import Finding
    from castoff.cloud.doctor.patient import Patient

_OWN: Final = "ShipCaptainCrew is not of a stack of castoff's, and sends mail in a way of its own"


_FREE: Final = frozenset(
    {"aol.com", "gmail.com", "gmx.com", "gmx.de", "gmx.net", "googlemail.com", "hotmail.com", "icloud.com", "live.com"}
    | {"mac.com", "me.com", "msn.com", "outlook.com", "pm.me", "proton.me", "protonmail.com", "yahoo.com", "zoho.com"}
)
"""Whoever gives addresses to everybody tells the world (DMARC) which servers send from them, and SES is none."""


def sending(patient: Patient, found: Mapping[str, Any]) -> Finding:
    """Look whether SES sends for this account, and to whom."""
    if found["stack"] is NO_STACK:
        return skipped(_OWN)
    with looking("ses:GetAccount", "SES"):
        account = patient.client("sesv2").get_account()
    if not account.get("SendingEnabled"):
        return wrong("SES does not send for this account", "see why in SES's console, under `Account dashboard`")
    if account.get("EnforcementStatus", "HEALTHY") != "HEALTHY":
        words = f"SES has this account under {account['EnforcementStatus'].lower().replace('_', ' ')}"
        return wrong(words, "answer AWS's mail about it: too many mails came back")
    quota = account.get("SendQuota", {})
    sent, most = int(quota.get("SentLast24Hours", 0)), int(quota.get("Max24HourSend", 0))
    if not account.get("ProductionAccessEnabled"):
        hint = "ask for production access in SES's console; until then verify each crew member's address"
        return warn("SES is in its sandbox: it mails verified addresses only", hint)
    return ok(f"out of the sandbox, {sent:,} of {most:,} mails used today")


def sender(patient: Patient, found: Mapping[str, Any]) -> Finding:
    """Look whether SES knows the address that crew calls come from, or its domain."""
    if found["stack"] is NO_STACK:
        return skipped(_OWN)
    address = found["stack"].parameters.get("MailFrom", "")
    sesv2 = patient.client("sesv2")
    known = []
    for identity in (address, address.rpartition("@")[2]):
        with looking("ses:GetEmailIdentity", f"identity {identity}", passing=(sesv2.exceptions.NotFoundException,)):
            try:
                identified = sesv2.get_email_identity(EmailIdentity=identity)
            except sesv2.exceptions.NotFoundException:
                continue
        if identified.get("VerifiedForSendingStatus") and _is_free(address):
            words = f"{address} is verified, but its provider does not let SES send for it: mail may land in spam"
            return warn(words, "send from a domain of your own, verified in SES with DKIM")
        if identified.get("VerifiedForSendingStatus"):
            return ok(f"{address} is verified" + ("" if identity == address else f" by its domain {identity}"))
        known.append(identity)
    if known:
        hint = f"open the mail that AWS sent to {address}, or add its DNS records for {known[-1]}"
        return wrong(f"{address} is not verified yet: SES sends nothing from it", hint)
    return wrong(f"SES does not know {address}", f"`aws sesv2 create-email-identity --email-identity {address}`")


def _is_free(address: str) -> bool:
    return address.rpartition("@")[2].casefold() in _FREE
