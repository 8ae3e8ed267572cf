"""The edge's KeyValueStore, brought to hold what it should in one step, at AWS and here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from castoff.cloud.calls import call

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mypy_boto3_cloudfront_keyvaluestore import CloudFrontKeyValueStoreClient

    from castoff.cloud.account import Account

_SERVICE: Final = "cloudfront-keyvaluestore"
_TRIES: Final = 5


def open_store(account: Account) -> CloudFrontKeyValueStoreClient:
    """Return the store's client, which needs botocore's CRT: its signatures are SigV4A."""
    client = account.session.client(_SERVICE, **account.options)
    if account.endpoint is not None:
        client.meta.events.register(f"before-sign.{_SERVICE}", _asks(account.endpoint))
    return client


def bring_about(account: Account, arn: str, *, wanted: Mapping[str, str], ours: Callable[[str], bool]) -> bool:
    """Leave of the entries that are ours exactly those wanted, and return whether that took a change.

    Others' entries stay. The change is one call under the ETag that was read, so nobody's write in between is lost.
    Raises CallError.
    """
    store = open_store(account)
    with call("UpdateKeys", f"store `{arn}`"):
        for _ in range(_TRIES - 1):
            try:
                return _attempt(store, arn, wanted=wanted, ours=ours)
            except store.exceptions.ConflictException:
                continue
        return _attempt(store, arn, wanted=wanted, ours=ours)


def entries(account: Account, arn: str) -> dict[str, str]:
    """Return all that the store holds; CallError where it cannot be read."""
    return _entries(open_store(account), arn)


def _attempt(
    store: CloudFrontKeyValueStoreClient, arn: str, *, wanted: Mapping[str, str], ours: Callable[[str], bool]
) -> bool:
    with call("DescribeKeyValueStore", f"store `{arn}`"):
        etag = store.describe_key_value_store(KvsARN=arn)["ETag"]
    present = _entries(store, arn)
    puts = {key: value for key, value in wanted.items() if present.get(key) != value}
    deletes = [key for key in present if ours(key) and key not in wanted]
    if not puts and not deletes:
        return False
    store.update_keys(
        KvsARN=arn,
        IfMatch=etag,
        Puts=[{"Key": key, "Value": value} for key, value in puts.items()],
        Deletes=[{"Key": key} for key in deletes],
    )
    return True


def _entries(store: CloudFrontKeyValueStoreClient, arn: str) -> dict[str, str]:
    with call("ListKeys", f"store `{arn}`"):
        pages = store.get_paginator("list_keys").paginate(KvsARN=arn)
        return {item["Key"]: item["Value"] for page in pages for item in page["Items"]}


def _asks(endpoint: str) -> Callable[..., None]:
    """Ask the embedded cloud itself: the SDK puts the account's id before its host, a name that no resolver knows."""

    def ask(request: Any, **_: object) -> None:
        _, _, path = request.url.partition("/key-value-stores/")
        request.url = f"{endpoint}/key-value-stores/{path}"

    return ask
