"""Crew mail that did not go out, as its operator sees it and sees to it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import boto3

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.harbour import Harbour

_LOCAL: Final = ("--target", "local")


@contextmanager
def refused_sender(harbour: Harbour) -> Iterator[None]:
    """Let SES refuse every mail for a while, as one does whose sender is not verified."""
    mail, older = client(harbour, "sesv2"), client(harbour, "ses")
    senders = older.list_identities()["Identities"]
    for sender in senders:
        mail.delete_email_identity(EmailIdentity=sender)
        older.delete_identity(Identity=sender)
    try:
        yield
    finally:
        for sender in senders:
            mail.create_email_identity(EmailIdentity=sender)
            older.verify_email_identity(EmailAddress=sender)


def not_out(harbour: Harbour, booking: str) -> list[dict[str, Any]]:
    """Return the mails of a booking that are listed."""
    listed = harbour.project.castoff("mail", *_LOCAL, "--json").json()["mails"]
    return [mail for mail in listed if mail["booking_id"] == booking]


def claim(harbour: Harbour, mail_id: str) -> None:
    """Leave a mail as a Lambda does that ended between asking SES and hearing from it, long ago."""
    table = harbour.project.facts["outputs"]["SccTable"]
    key = {"pk": {"S": "outbox"}, "sk": {"S": mail_id.replace(".", "#")}}
    client(harbour, "dynamodb").update_item(
        TableName=table,
        Key=key,
        UpdateExpression="SET #state = :state, #since = :since, #claim = :claim",
        ExpressionAttributeNames={"#state": "state", "#since": "since", "#claim": "claim"},
        ExpressionAttributeValues={
            ":state": {"S": "claimed"},
            ":since": {"S": "2024-05-28T19:05:00+00:00"},
            ":claim": {"S": "lost"},
        },
    )


def client(harbour: Harbour, service: str) -> Any:
    """Return a client of the deployer's."""
    admin = harbour.project.facts["credentials"]["admin"]
    session: Any = boto3.Session(admin["key"], admin["secret"], region_name=harbour.project.facts["region"])
    return session.client(service, endpoint_url=harbour.behind)


def test_mail_that_ses_refused_is_listed_and_sent(harbour: Harbour, charter: str) -> None:
    """It waits, with its reason and its id; sent again it is out; what is in doubt is closed by the reader's word."""
    with refused_sender(harbour):
        harbour.publish()
    waiting = not_out(harbour, charter)
    ids = {mail["member_id"]: mail["mail_id"] for mail in waiting}
    claim(harbour, ids["captain-001"])

    shown = harbour.project.castoff("mail", *_LOCAL)
    unasked = harbour.project.castoff("mail", *_LOCAL, "--resend", ids["crew-001"])
    resent = harbour.project.castoff("mail", *_LOCAL, "--resend", ids["crew-001"], "--yes")
    again = harbour.project.castoff("mail", *_LOCAL, "--resend", ids["crew-001"], "--yes")
    arrived = harbour.project.castoff("mail", *_LOCAL, "--arrived", ids["captain-001"])

    assert [mail["stands"] for mail in waiting] == ["waiting", "waiting"]
    head, *lines = shown.out.splitlines()
    assert head.split() == ["booking", "member", "mail", "stands", "since"]
    first = next(number for number, line in enumerate(lines) if line.startswith(f"{charter}  captain-001"))
    assert " ".join(lines[first].split()) == f"{charter} captain-001 crew call in doubt Tue, May 28, 12:05 PM PDT"
    assert lines[first + 1 : first + 3] == [
        "  SES was asked and never answered: it may have arrived",
        f"  id: {ids['captain-001']}",
    ]
    assert [charter, "crew-001", "crew", "call", "waiting"] in [line.split()[:5] for line in lines]
    assert "in doubt: ask the reader" in shown.err
    assert max(map(len, shown.out.splitlines())) <= 80
    assert "@" not in shown.out + shown.err
    assert unasked.refusal.startswith("error: there is no terminal to ask at\n")
    assert (resent.code, resent.err) == (0, f"the mail `crew call` of {charter} to crew-001 is on its way\n")
    fresh = f"`castoff link {charter} --crew crew-001 --target local`"
    assert again.refusal == f"error: this mail is out\n  hint: a fresh link: {fresh}\n"
    assert arrived.err == f"the mail `crew call` of {charter} to captain-001 is noted as arrived\n"
    assert [mail.to for mail in harbour.witness.mails(f"/crew/{charter}?token=")] == ["leo@example.com"]
    assert not_out(harbour, charter) == []
    assert harbour.publish().code == 0


def test_every_mail_of_the_last_weeks(harbour: Harbour) -> None:
    """What went out is listed too, a line each; a mail that is not there is known by the one that was meant."""
    mails = harbour.project.castoff("mail", *_LOCAL, "--all", "--json").json()["mails"]

    shown = harbour.project.castoff("mail", *_LOCAL, "--all")
    refused = harbour.project.castoff("mail", *_LOCAL, "--arrived", mails[0]["mail_id"] + "x")

    assert "sent" in {mail["stands"] for mail in mails}
    assert [line.split()[0] for line in shown.out.splitlines() if line[0] != " "][1:] == [
        mail["booking_id"] for mail in mails
    ]
    assert refused.refusal.endswith(f"hint: did you mean `{mails[0]['mail_id']}`?\n")


def test_a_label_and_a_member_that_are_slips(harbour: Harbour) -> None:
    """A feed without a name is refused before anything is asked; a crew member is known by the name that was typed."""
    harbour.turnstile.forget()

    blank = harbour.project.castoff("link", *_LOCAL, "--calendar", " ")
    meant = harbour.project.castoff("link", "regular", *_LOCAL, "--crew", "leo")

    assert (blank.code, "--calendar needs a label" in blank.err) == (2, True)
    assert not any("/calendar/feeds" in call for call in harbour.turnstile.passed)
    assert meant.refusal.splitlines()[-1].startswith("  hint: did you mean `crew-001`, Leo ")


def test_two_feeds_of_one_label_are_told(harbour: Harbour) -> None:
    """A second of the same name is made, and the first is named with what ends it."""
    first = harbour.project.castoff("link", *_LOCAL, "--calendar", "Ana's phone", "--json").json()

    second = harbour.project.castoff("link", *_LOCAL, "--calendar", "Ana's phone")

    assert second.code == 0
    assert "an earlier one has this label" in second.err.splitlines()[-1]
    assert f"`castoff link --revoke {first['id']} --target local`" in second.err.splitlines()[-1]
