"""What SES tells of addresses through SNS: read strictly, noted of the member, and never logged with the address."""

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from lambdas.service.instants import parse_instant
from lambdas.shipcaptaincrew.addresses import Addresses, Fault, Trouble

_log = logging.getLogger(__name__)

_GREETING: Final = "Successfully validated SNS topic"
"""What SES says to a topic once, when it is told to use it."""


class RefusedRecordError(Exception):
    """A record is not what SES tells our topic: nothing of it was noted."""


@dataclass(frozen=True)
class Report:
    """One thing that SES tells: of which addresses, and what."""

    addresses: tuple[str, ...]
    fault: Fault


def are_records(event: object) -> bool:
    """Tell whether a Lambda was called by SNS; no request of API Gateway has this form."""
    records = event.get("Records") if isinstance(event, dict) else None
    return isinstance(records, list) and bool(records)


class Bounces:
    """What is done about reports."""

    def __init__(self, addresses: Addresses, *, topic: str) -> None:
        self._addresses = addresses
        self._topic = topic

    def take(self, records: Sequence[Any], *, now: datetime) -> int:
        """Note what records report, and return of how many members; RefusedRecordError once the others are noted."""
        noted, refused = 0, []
        for record in records:
            try:
                report = read_record(record, topic=self._topic)
            except RefusedRecordError as fault:
                refused.append(str(fault))
                continue
            noted += self._note(report, now=now) if report is not None else 0
        if refused:
            raise RefusedRecordError("; ".join(refused))
        return noted

    def _note(self, report: Report, *, now: datetime) -> int:
        noted = [one for address in report.addresses for one in self._addresses.note(address, report.fault, now=now)]
        lasting = "permanent" if report.fault.permanent else "passing"
        for member_id in noted:
            _log.warning("mail to %s: %s, %s", member_id, report.fault.trouble, lasting)
        if not noted:
            _log.warning("a %s of an address that no member has now", report.fault.trouble)
        return len(noted)


def read_record(record: object, *, topic: str) -> Report | None:
    """Return what a record of SNS reports, None where it is nothing to note; RefusedRecordError in words."""
    if not isinstance(record, dict) or record.get("EventSource") != "aws:sns":
        raise RefusedRecordError("a record does not come from SNS")
    said = record.get("Sns")
    if not isinstance(said, dict) or not topic or said.get("TopicArn") != topic:
        raise RefusedRecordError("a record comes from another topic")
    text = said.get("Message")
    if isinstance(text, str) and text.startswith(_GREETING):
        return None
    try:
        document = json.loads(text if isinstance(text, str) else "")
    except (ValueError, RecursionError):
        raise RefusedRecordError("a message is not JSON") from None
    if not isinstance(document, dict):
        raise RefusedRecordError("a message is not a JSON object")
    # A configuration set says `eventType`, an identity's own notifications `notificationType`; the rest is the same.
    match document.get("eventType", document.get("notificationType")):
        case "Bounce":
            return _bounce(_part(document, "bounce"))
        case "Complaint":
            return _complaint(_part(document, "complaint"))
        case str():
            return None
        case _:
            raise RefusedRecordError("a message does not say what it reports")


def _bounce(part: Mapping[str, Any]) -> Report:
    lasts = part.get("bounceType")
    if lasts not in {"Permanent", "Transient", "Undetermined"}:
        raise RefusedRecordError("a bounce does not say of what kind it is")
    fault = Fault(Trouble.BOUNCE, lasts == "Permanent", _instant(part))
    return Report(_addresses(part, "bouncedRecipients"), fault)


def _complaint(part: Mapping[str, Any]) -> Report:
    fault = Fault(Trouble.COMPLAINT, permanent=False, since=_instant(part))
    return Report(_addresses(part, "complainedRecipients"), fault)


def _part(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = document.get(name)
    if not isinstance(part, dict):
        raise RefusedRecordError(f"a message lacks its `{name}`")
    return part


def _addresses(part: Mapping[str, Any], name: str) -> tuple[str, ...]:
    recipients = part.get(name)
    if not isinstance(recipients, list) or not recipients:
        raise RefusedRecordError("a message names nobody")
    found = [one.get("emailAddress") if isinstance(one, dict) else None for one in recipients]
    if not all(isinstance(address, str) and address for address in found):
        raise RefusedRecordError("a message names nobody")
    return tuple(str(address) for address in found)


def _instant(part: Mapping[str, Any]) -> str:
    try:
        return parse_instant(part.get("timestamp")).isoformat()
    except ValueError:
        raise RefusedRecordError("a message does not say when") from None
