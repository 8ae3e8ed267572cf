"""Parts of a distribution as CloudFormation writes them, in the form that CloudFront's own API has."""

from __future__ import annotations

from typing import Any, Final

Part = dict[str, Any]

_READS: Final = ["GET", "HEAD"]


def listed(items: list[Any]) -> Part:
    """Return a list as CloudFront's API has it: counted."""
    return {"Quantity": len(items), "Items": items} if items else {"Quantity": 0}


def items_of(part: Part | None) -> list[Any]:
    """Return what such a list holds."""
    return list((part or {}).get("Items", []))


def origin_form(template: Part) -> Part:
    """Return an origin; what the template leaves out has CloudFront's own defaults."""
    headers = template.get("OriginCustomHeaders", [])
    origin: Part = {
        "Id": template["Id"],
        "DomainName": template["DomainName"],
        "OriginPath": template.get("OriginPath", ""),
        "CustomHeaders": listed(headers),
        "ConnectionAttempts": 3,
        "ConnectionTimeout": 10,
        "OriginShield": {"Enabled": False},
        "OriginAccessControlId": template.get("OriginAccessControlId", ""),
    }
    if "S3OriginConfig" in template:
        return {**origin, "S3OriginConfig": template["S3OriginConfig"]}
    custom = template["CustomOriginConfig"]
    return {
        **origin,
        "CustomOriginConfig": {
            "HTTPPort": 80,
            "HTTPSPort": 443,
            "OriginProtocolPolicy": custom["OriginProtocolPolicy"],
            "OriginSslProtocols": listed(custom.get("OriginSSLProtocols", ["TLSv1.2"])),
            "OriginReadTimeout": 30,
            "OriginKeepaliveTimeout": 5,
        },
    }


def behaviour_form(template: Part) -> Part:
    """Return a behaviour; what the template leaves out has CloudFront's own defaults."""
    methods = listed(template.get("AllowedMethods", _READS))
    plain: Part = {
        name: template[name]
        for name in ("PathPattern", "TargetOriginId", "ViewerProtocolPolicy", "CachePolicyId")
        if name in template
    }
    return {
        **plain,
        "AllowedMethods": {**methods, "CachedMethods": listed(template.get("CachedMethods", _READS))},
        "Compress": template.get("Compress", False),
        "OriginRequestPolicyId": template.get("OriginRequestPolicyId", ""),
        "ResponseHeadersPolicyId": template.get("ResponseHeadersPolicyId", ""),
        "FunctionAssociations": listed(template.get("FunctionAssociations", [])),
        "LambdaFunctionAssociations": {"Quantity": 0},
        "TrustedSigners": {"Enabled": False, "Quantity": 0},
        "TrustedKeyGroups": {"Enabled": False, "Quantity": 0},
        "SmoothStreaming": False,
        "FieldLevelEncryptionId": "",
    }


def lacking(present: Any, wanted: Any) -> bool:
    """Say whether something of what is wanted is not there; what else is there does not matter, nor does order."""
    if isinstance(wanted, dict):
        return any(lacking((present or {}).get(key), value) for key, value in wanted.items())
    if isinstance(wanted, list):
        held = present or []
        return len(held) != len(wanted) or any(all(lacking(one, item) for one in held) for item in wanted)
    return bool((present or None) != (wanted or None))
