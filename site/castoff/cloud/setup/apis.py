"""The stack's APIs, deployed anew where the stack has changed since: a resource policy counts only from then on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from castoff.cloud.calls import call

if TYPE_CHECKING:
    from castoff.cloud.account import Account
    from castoff.cloud.standing import Standing

_APIS: Final = ("SccApi", "DashboardApi")
_STAGE: Final = "prod"


def deploy_stale(account: Account, standing: Standing) -> tuple[str, ...]:
    """Deploy each API whose stage is older than the stack's last change, and return which; a run may be killed before.

    By AWS's own clock on both sides. In the second of a change it deploys once more than it had to.
    """
    gateway = account.session.client("apigateway", **account.options)
    changed = standing.changed.replace(microsecond=0)
    deployed: list[str] = []
    for name in _APIS:
        api = standing.resources[name]
        with call("GetStage", f"API `{name}`"):
            stage = gateway.get_stage(restApiId=api, stageName=_STAGE)
        with call("GetDeployment", f"API `{name}`"):
            made = gateway.get_deployment(restApiId=api, deploymentId=stage["deploymentId"])["createdDate"]
        if made <= changed:
            with call("CreateDeployment", f"API `{name}`"):
                gateway.create_deployment(restApiId=api, stageName=_STAGE)
            deployed.append(name)
    return tuple(deployed)
