"""The first try at an object in S3, by obstore: thousands at once, at a fraction of what an SDK costs.

Only a plain yes is taken from here. Whatever else happens is None, and then botocore asks: it knows how to try again,
where else to ask, and what a refusal means.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from threading import Lock
from typing import TYPE_CHECKING, Final

import obstore
from obstore.store import S3Store

from publisher.adapters.answers import SIGNS
from publisher.ports import Stored

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from obstore import Attributes
    from obstore.store import S3Credential

    from publisher.adapters.http import Answer, Http
    from publisher.adapters.patience import Patience
    from publisher.target import Credentials, Target

_LENT: Final = timedelta(minutes=10)
"""For how long what botocore lends is surely good: it asks for a role anew before less than that is left."""


@dataclass(frozen=True, slots=True)
class Way:
    """How S3 is reached: buckets named in the path, or else before the host; `authorities` is PEM to trust, too."""

    endpoint: str
    region: str
    credentials: Callable[[], S3Credential]
    in_path: bool
    authorities: bytes | None = None

    def to(self, bucket: str) -> str:
        """Return where a bucket is: a certificate for names before a host does not fit names with dots."""
        scheme, _, host = self.endpoint.partition("://")
        return self.endpoint if self._is_in_path(bucket) else f"{scheme}://{bucket}.{host}"

    def store(self, bucket: str, patience: Patience) -> S3Store:
        """Return a bucket; what it is told here, no variable of the environment tells it otherwise."""
        endpoint = self.to(bucket)
        return S3Store(
            bucket,
            endpoint=endpoint,
            aws_endpoint_url_s3=endpoint,
            virtual_hosted_style_request=not self._is_in_path(bucket),
            region=self.region,
            skip_signature=False,
            credential_provider=self.credentials,
            client_options={
                "allow_http": endpoint.startswith("http://"),
                "allow_invalid_certificates": False,
                "connect_timeout": timedelta(seconds=patience.connect),
                "read_timeout": timedelta(seconds=patience.read),
                "timeout": timedelta(seconds=patience.connect + patience.read),
                **({"root_certificate": self.authorities} if self.authorities else {}),
            },
            retry_config={"max_retries": 0, "retry_timeout": timedelta()},
        )

    def _is_in_path(self, bucket: str) -> bool:
        return self.in_path or "." in bucket


def told_way(target: Target) -> Way | None:
    """Return the way that a target tells whole, as an embedded one does; None where botocore has to find it."""
    if target.endpoint is None or target.region is None or target.credentials is None or target.access.role:
        return None
    lent = as_obstore(target.credentials)
    return Way(target.endpoint, target.region, lambda: lent, in_path=True)


def as_obstore(credentials: Credentials, *, refresh: bool = False) -> S3Credential:
    """Return credentials as obstore takes them; with `refresh` it asks for them anew before they can have ended."""
    return {
        "access_key_id": credentials.key,
        "secret_access_key": credentials.secret,
        "token": credentials.token,
        "expires_at": datetime.now(UTC) + _LENT if refresh else None,
    }


_SIGNED_FOR: Final = timedelta(minutes=15)
"""For how long what was signed may be asked: whoever's clock is further off is refused, as is a signed call."""


_PROXIES: Final = ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")


class Stores:
    """The buckets of one target; any number of threads may ask at once. `way` may raise, and then nobody is asked."""

    def __init__(self, way: Callable[[], Way], patience: Patience) -> None:
        self._way = way
        self._patience = patience
        self._opened: dict[str, S3Store] = {}
        self._lock = Lock()

    def put(
        self, bucket: str, key: str, body: bytes, *, attributes: Mapping[str, str], etag: str | None
    ) -> Stored | None:
        """Write an object over the one with `etag`, or where None stands only if there is none.

        `attributes` are headers by their names, and any other is of the object's metadata.
        """
        try:
            written = obstore.put(
                self._store(bucket),
                _exact(key),
                body,
                attributes=dict(attributes),
                mode={"e_tag": etag} if etag else "create",
                use_multipart=False,
            )
        except Exception:  # noqa: BLE001 - obstore's have no common class, and botocore says in words what it was
            return None
        found = written["e_tag"]
        return Stored(found, written["version"]) if found and _is_whole(found) else None

    def attributes(self, bucket: str, key: str) -> Attributes | None:
        """Return an object's attributes by one request; None where there is none, or where it cannot be told."""
        try:
            return obstore.get(self._store(bucket), _exact(key), options={"head": True}).attributes
        except Exception:  # noqa: BLE001 - as above
            return None

    def read(self, bucket: str, key: str, http: Http) -> Answer | None:
        """Return an object with S3's headers, or with no body S3's word that there is none; None for all else.

        obstore keeps to itself what S3's clock says, by which leases are judged: here it only signs what is asked.
        """
        try:
            url = obstore.sign(self._store(bucket), "GET", _exact(key), _SIGNED_FOR)
        except Exception:  # noqa: BLE001 - as above
            return None
        if url.startswith("https:") and any(map(os.environ.get, _PROXIES)):
            return None  # `http` goes straight, where obstore and botocore take the way round
        answer = http.ask("GET", url, headers={}, repeat=False)
        if isinstance(answer, str) or not (SIGNS & answer.headers.keys() and "date" in answer.headers):
            return None
        if answer.status == HTTPStatus.NOT_FOUND and b"<Code>NoSuchKey</Code>" in answer.body:
            return replace(answer, body=b"")
        whole = answer.headers.get("content-length") == str(len(answer.body))
        known = "last-modified" in answer.headers and _is_whole(answer.headers.get("etag", ""))
        return answer if answer.status == HTTPStatus.OK and answer.body and whole and known else None

    def _store(self, bucket: str) -> S3Store:
        with self._lock:
            if bucket not in self._opened:
                self._opened[bucket] = self._way().store(bucket, self._patience)
            return self._opened[bucket]


def _exact(key: str) -> str:
    """Return a key that obstore leaves as it is; it would write another without the slashes at its ends."""
    if key != key.strip("/"):
        raise ValueError(key)
    return key


def _is_whole(etag: str) -> bool:
    return len(etag) > len('""') and etag.startswith('"') and etag.endswith('"')
