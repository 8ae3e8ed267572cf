"""A stack's parameters: from castoff.yaml, from `--set`, or as they are deployed."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Any, Final

from castoff.cloud.problems import CloudError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from castoff.cloud.setup.wanted import Wanted
    from castoff.cloud.standing import Standing
    from castoff.cloud.template import Template

OUTPUTS: Final = {
    "GuestBucketName": "GuestBucket",
    "OpsBucketName": "OpsBucket",
    "UploadsBucketName": "UploadsBucket",
    "StateBucketName": "StateBucket",
    "GuestDistributionId": "GuestDistribution",
    "OpsDistributionId": "OpsDistribution",
}
"""By which output a stack says what it uses, its own or one that it was given."""

_SAID: Final = {
    "Name": "`stack`",
    "GuestUrl": "`guest.domain`",
    "OpsUrl": "`ops.domain`",
    "MailFrom": "`email` under `brand`",
    "BrandName": "`name` under `brand`",
    "BrandContact": "`phone` or `email` under `brand`",
    "TimeZone": "`timezone`",
    "OperatorAuth": "`scc.auth`",
    "GuestBucketName": "`guest.bucket`",
    "OpsBucketName": "`ops.bucket`",
    "UploadsBucketName": "`uploads`",
    "StateBucketName": "`state`",
    "GuestDistributionId": "`guest.distribution`",
    "OpsDistributionId": "`ops.distribution`",
}
"""What castoff.yaml says, and `--set` may not."""

_FROM_WHERE: Final = (
    "say it with `--set OperatorAddresses=203.0.113.7/32`, or write `auth: sigv4` under `scc`, so that AWS's own"
    " signatures open them"
)


def parameters(
    template: Template, wanted: Wanted, *, standing: Standing | None, given: Mapping[str, str]
) -> dict[str, str | None]:
    """Decide every parameter; None leaves it as it is deployed, and one that is missing has the template's default.

    Raises CloudError for a name that the template does not know or castoff.yaml says, for a value that its pattern
    refuses, for one that nothing says, and for a bucket or distribution other than the stack's.
    """
    declared: Mapping[str, Mapping[str, Any]] = template["Parameters"]
    _check_given(declared, given)
    found: dict[str, str | None] = dict.fromkeys(name for name in declared if standing and name in standing.parameters)
    found |= {name: value for name, value in _settings(wanted, standing).items() if name in declared}
    found |= _named(declared, wanted, standing)
    found |= given
    _check_zones(found, given, standing.parameters if standing else {})
    for name, definition in declared.items():
        if name not in found and "Default" not in definition:
            raise CloudError(f"nothing says the stack's `{name}`", hint=_missing(name))
        if found.get(name) is not None:
            _check_form(name, definition, found[name] or "")
    if wanted.auth == "service-key" and _opens_to_nobody(declared, standing, found):
        raise CloudError("nobody could call the APIs: from which networks do you publish?", hint=_FROM_WHERE)
    return found


def _settings(wanted: Wanted, standing: Standing | None) -> dict[str, str]:
    said = {
        "GuestUrl": f"https://{wanted.guest.domain}",
        "OpsUrl": f"https://{wanted.ops.domain}",
        "TimeZone": wanted.time_zone,
        "OperatorAuth": wanted.auth,
        "BrandName": wanted.brand_name,
        "BrandContact": wanted.brand_contact,
    }
    if wanted.mail_from:
        said["MailFrom"] = wanted.mail_from
    return said if standing else {"Name": wanted.stack, **said}


def _named(
    declared: Mapping[str, Mapping[str, Any]], wanted: Wanted, standing: Standing | None
) -> dict[str, str | None]:
    """Give the stack what castoff.yaml names, unless the stack has made it itself or was given it before."""
    found: dict[str, str | None] = {}
    for parameter, (field, value) in wanted.named.items():
        used = standing.outputs.get(OUTPUTS[parameter]) if standing else None
        if used is not None and used != value:
            raise CloudError(
                f"castoff.yaml has `{value}` as `{field}`, and the stack `{wanted.stack}` uses `{used}`",
                hint=f"write `{used}` there, or name another stack with `stack` in the target",
            )
        if used is None and parameter not in declared:
            raise CloudError(f"`{field}` is named, and this stack can only make its own", hint="leave it out")
        if used is None:
            found[parameter] = value
    return found


def _opens_to_nobody(
    declared: Mapping[str, Mapping[str, Any]], standing: Standing | None, found: Mapping[str, str | None]
) -> bool:
    """Say whether no network was ever said: also where the stack was made to know its callers by their signatures."""
    if "OperatorAddresses" not in found:
        return True
    if found["OperatorAddresses"] is not None or standing is None:
        return False
    deployed = (standing.parameters["OperatorAddresses"], standing.parameters.get("OperatorAuth"))
    return deployed == (declared["OperatorAddresses"].get("Default"), "sigv4")


def _check_given(declared: Mapping[str, object], given: Mapping[str, str]) -> None:
    for name in given:
        if name in _SAID:
            raise CloudError(f"`--set {name}=…` would say again what castoff.yaml says", hint=f"change {_SAID[name]}")
        if name not in declared:
            meant = difflib.get_close_matches(name, declared, n=1)
            known = ", ".join(f"`{one}`" for one in declared if one not in _SAID)
            raise CloudError(
                f"the stack has no parameter `{name}`",
                hint=f"did you mean `{meant[0]}`?" if meant else f"there are {known}",
            )


def _check_zones(found: Mapping[str, str | None], given: Mapping[str, str], deployed: Mapping[str, str]) -> None:
    """Refuse to promise an address in DNS for a distribution that the stack only uses."""
    for zone, distribution in (("HostedZoneId", "GuestDistributionId"), ("OpsHostedZoneId", "OpsDistributionId")):
        own = found.get(distribution) or deployed.get(distribution)
        if given.get(zone) and own:
            raise CloudError(
                f"`{zone}` would do nothing: distribution `{own}` is yours, and so are its domains",
                hint="leave it out, and make the domain an ALIAS of that distribution in Route 53 if it is not one yet",
            )


def _check_form(name: str, definition: Mapping[str, Any], value: str) -> None:
    allowed, pattern = definition.get("AllowedValues"), definition.get("AllowedPattern")
    if allowed and value not in map(str, allowed):
        raise CloudError(f"`{name}` is `{value}`", hint=f"it is one of {', '.join(f'`{one}`' for one in allowed)}")
    # Of a list, CloudFormation looks at each.
    parts = value.split(",") if definition["Type"] == "CommaDelimitedList" else [value]
    if pattern and not all(re.fullmatch(pattern, part.strip()) for part in parts):
        raise CloudError(
            f"`{name}` is `{value}`, which the stack does not take", hint=definition.get("Description", "")
        )


def _missing(name: str) -> str:
    return f"write {_SAID[name]} in castoff.yaml" if name in _SAID else f"say it with `--set {name}=…`"
