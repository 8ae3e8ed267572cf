"""The services: they answer, the key arrives and is taken, and the forms they sign live long enough."""

from __future__ import annotations

import base64
import json
import re
import secrets
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from castoff.cloud.doctor.finding import ok, skipped, warn, wrong

if TYPE_CHECKING:
    from collections.abc import Mapping

    from castoff.cloud.doctor.finding import Finding, Look
    from castoff.cloud.doctor.patient import Patient, Service, Told

WEEK: Final = timedelta(days=7)
"""How long a signature of version 4 lives at most."""
LEAST: Final = timedelta(hours=26)
"""How long a form has to live: until the next nightly run, and some hours."""

_OUTSIDE: Final = "castoff-doctor-asks-whether-this-is-refused"
_GATEWAYS: Final = {
    "AccessDeniedException": "the API's resource policy does not let this machine in",
    "MissingAuthenticationTokenException": "the API has no such path, or asks for a SigV4 signature",
    "InvalidSignatureException": "the API does not take the SigV4 signature",
    "ForbiddenException": "the API forbids it",
}
"""How API Gateway itself refuses, by `x-amzn-ErrorType`."""
_REMEDIES: Final = {
    "AccessDeniedException": "add this machine's address to `OperatorAddresses`, or its role to `OperatorPrincipals`",
    "MissingAuthenticationTokenException": "check its address in castoff.yaml, with its stage at the end, and `auth`",
    "InvalidSignatureException": "sign in to AWS again, and check this machine's clock",
    "ForbiddenException": "check its address in castoff.yaml, with its stage at the end",
}


def answers(service: Service) -> Look:
    """Return the look whether a service answers, and keeps out whoever shows no key."""

    def look(patient: Patient, _: Mapping[str, Any]) -> Finding:
        begun = patient.wall()
        told = service.ask("GET", service.path, keyed=False)
        if isinstance(told, str):
            return wrong(f"{service.url} does not answer: {told}", "check its address in castoff.yaml")
        found = (begun, told, patient.wall())
        refusal = _by_gateway(told)
        if refusal:
            return wrong(*refusal)
        if told.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
            return ok("answers, and tells nothing without the key", found=found)
        if told.status == HTTPStatus.OK and told.value is not None:
            hint = f"have it ask for `{service.header}` on every route of the operator's"
            return wrong(f"{service.name} tells anybody, without `{service.header}`", hint, found=found)
        words = f"answers {told.status}{'' if told.value is not None else ', not in JSON'}"
        return wrong(f"{service.name} {words}", "check its address in castoff.yaml, with its stage at the end")

    return look


def arrives(service: Service) -> Look:
    """Return the look whether the key gets there: a CloudFront on the way takes it off."""

    def look(_patient: Patient, _found: Mapping[str, Any]) -> Finding:
        told = service.ask("GET", service.path, keyed=True)
        if isinstance(told, str):
            return wrong(f"{service.name} does not answer with the key: {told}", "run it again")
        if told.status == HTTPStatus.OK:
            return ok(f"`{service.header}` arrives", found=told)
        if _through_cloudfront(service.url, told):
            words = (
                f"`{service.header}` is lost: {_host(service.url)} goes through CloudFront, which by default forwards "
                "no viewer header to an origin"
            )
            return wrong(words, "name the API itself in castoff.yaml: `https://….execute-api.….amazonaws.com/prod`")
        return skipped(f"only a service that takes the key shows that it arrives ({told.status})", found=told)

    return look


def accepted(service: Service, need: str) -> Look:
    """Return the look whether the key is taken."""

    def look(_: Patient, found: Mapping[str, Any]) -> Finding:
        told: Told = found[need]
        refusal = _by_gateway(told)
        if refusal:
            return wrong(*refusal)
        if told.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
            hint = f"compare the secret that castoff.yaml names with what {service.name} accepts"
            return wrong(f"{service.name} does not take the key: {told.status}", hint)
        listed = (told.value or {}).get(service.lists)
        if told.status != HTTPStatus.OK or not isinstance(listed, list):
            words = f"{service.name} takes the key, and answers {told.status} without a list `{service.lists}`"
            return wrong(words, "`castoff doctor --contract` tells what else it does otherwise")
        return ok("accepted", found=True)

    return look


def signer(patient: Patient, _: Mapping[str, Any]) -> Finding:
    """Look with what, and until when, ShipCaptainCrew signs upload forms; nothing is stored by asking."""
    now = patient.wall()
    ends = (now + WEEK).isoformat(timespec="seconds")
    wish = {"booking": "castoff-doctor", "audience": "guest", "opens": now.isoformat(timespec="seconds")}
    told = patient.scc.ask("POST", "/g/PRESIGN", {**wish, "closes": ends, "until": ends, "max_size": 1}, keyed=True)
    if isinstance(told, str):
        return wrong(f"no upload form was signed: {told}", "run it again")
    value = told.value or {}
    fields, expires = value.get("fields"), _instant(value.get("expires"))
    if told.status != HTTPStatus.OK or not isinstance(fields, dict) or expires is None:
        why = f"{told.status} {value.get('error', '')}".strip()
        return wrong(f"ShipCaptainCrew signs no upload form: {why}", f"make the upload signer's key: `{patient.setup}`")
    hours = round((expires - now).total_seconds() / 3600)
    if any(name.lower() == "x-amz-security-token" for name in fields):
        hint = "sign with a user's key: a form dies with the session of the role that signed it, without a warning"
        return wrong(f"upload forms are signed with lent credentials, and say they live {hours} h", hint, found=value)
    if expires - now < LEAST:
        words = f"upload forms live {hours} h only"
        return warn(words, "publish more often than that, or let ShipCaptainCrew sign for longer", found=value)
    return ok(f"a key of its own; a form lives {hours // 24} days {hours % 24} h", found=value)


def form(patient: Patient, found: Mapping[str, Any]) -> Finding:
    """Look whether the store of uploads takes the signature, by a file that the form's own policy refuses.

    Nothing is sent unless the policy, as it is read here, forbids that key: so nothing can be stored.
    """
    signed = found["upload-signer"]
    fields = {str(name): str(text) for name, text in signed["fields"].items()}
    prefix = _prefix(fields.get("policy", ""))
    if prefix is None or _OUTSIDE.startswith(prefix):
        hint = 'bind the key in its policy: `["starts-with", "$key", "uploads/<booking>/<audience>/"]`'
        return wrong("upload forms take files under any name", hint)
    boundary = secrets.token_hex(16)
    body = _multipart({**fields, "key": _OUTSIDE}, boundary)
    told = patient.send(str(signed["url"]), f"multipart/form-data; boundary={boundary}", body)
    if isinstance(told, str):
        return wrong(f"{_host(str(signed['url']))} does not answer: {told}", "check the uploads bucket")
    if told.status == HTTPStatus.FORBIDDEN and any(code in told.text for code in _DEAD):
        return wrong(
            "S3 does not know the key that signs upload forms",
            f"after a rotation, look again in a minute; else `{patient.setup}`",
        )
    if told.status == HTTPStatus.FORBIDDEN and _BY_POLICY in told.text:
        return ok("S3 takes the signature, and refuses what the form forbids")
    if told.status == HTTPStatus.NOT_FOUND:
        return wrong("the bucket that upload forms go to is not there", f"`{patient.setup}` makes it")
    code = _CODE.search(told.text)
    words = f"S3 answers {told.status}{f' {code[1]}' if code else ''} where the form's policy should refuse"
    return warn(words, "see whether whoever signs may put into that bucket: its policy, its key of KMS")


_BY_POLICY: Final = "Invalid according to Policy"
"""What S3 says once it has taken the signature; a signer that may not write is told another AccessDenied."""
_CODE: Final = re.compile(r"<Code>(\w{1,60})</Code>")
_DEAD: Final = ("InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken", "ExpiredToken")


def _prefix(policy: str) -> str | None:
    """Return what a form's policy says that a key begins with, None where it says nothing."""
    try:
        conditions = json.loads(base64.b64decode(policy))["conditions"]
    except (ValueError, KeyError, TypeError):
        return None
    for condition in conditions:
        match condition:
            case ["starts-with", "$key", str(prefix)] | ["eq", "$key", str(prefix)] | {"key": str(prefix)}:
                return prefix
    return None


def _multipart(fields: Mapping[str, str], boundary: str) -> bytes:
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'
        for name, text in fields.items()
    ]
    file = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="castoff"\r\n\r\nx\r\n'
    return "".join([*parts, file, f"--{boundary}--\r\n"]).encode()


def _by_gateway(told: Told) -> tuple[str, str] | None:
    """Return what API Gateway refuses before the service sees it, and what to do."""
    kind = told.headers.get("x-amzn-errortype", "").partition(":")[0]
    if told.status != HTTPStatus.FORBIDDEN or kind not in _GATEWAYS:
        return None
    return _GATEWAYS[kind], _REMEDIES[kind]


def _through_cloudfront(url: str, told: Told) -> bool:
    """Tell whether a distribution stands before it; an API's own name may lead over CloudFront, and loses nothing."""
    seen = "x-amz-cf-id" in told.headers or "cloudfront" in told.headers.get("via", "").lower()
    return seen and ".execute-api." not in _host(url)


def _host(url: str) -> str:
    return urlsplit(url).hostname or url


def _instant(text: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found if found.tzinfo else None
