"""AWS's signature on a call to an API: who calls, as the resource policy of the API asks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from publisher.errors import PublishError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from publisher.adapters.aws import Aws

_REGION: Final = re.compile(r"\.execute-api\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(\.cn)?$")


class Signature:
    """Signs calls to one service with the publisher's credentials."""

    def __init__(self, name: str, base: str, aws: Aws) -> None:
        self._name = name
        self._base = base
        self._aws = aws

    def headers(self, method: str, url: str, *, host: str, body: bytes | None) -> Mapping[str, str]:
        """Return the headers that sign a call of this moment: its method, address, host and body.

        `host` is what the Host header will say. The service's own key is no part of what is signed, since botocore
        writes that into its log. Raises PublishError where there are no credentials, or no region to sign for.
        """
        from botocore.auth import SigV4Auth  # noqa: PLC0415 - slow to import, and most calls are not signed
        from botocore.awsrequest import AWSRequest  # noqa: PLC0415 - likewise

        with self._aws.in_words("execute-api:Invoke", self._name):
            credentials = self._aws.credentials()
        request = AWSRequest(method, url, headers={"Host": host}, data=body)
        SigV4Auth(credentials, "execute-api", self._region(host)).add_auth(request)
        return {name: value for name, value in request.headers.items() if name != "Host"}

    def _region(self, host: str) -> str:
        """Return the region that the address names; one under a name of its own is in the target's."""
        named = _REGION.search(host.partition(":")[0])
        region = named["region"] if named else self._aws.region
        if region is None:
            raise PublishError(
                f"{self._base} names no region that calls to {self._name} could be signed for",
                hint="write `region` into the target in castoff.yaml, or set AWS_REGION; then publish again",
            )
        return region
