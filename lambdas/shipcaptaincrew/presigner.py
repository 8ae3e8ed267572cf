"""What makes an upload form good: a presigned POST to the uploads bucket, by the upload signer's key."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from lambdas.service.vault import Vault

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@dataclass(frozen=True)
class PresignedPost:
    """Where a form is sent, and its fields in the order in which they are sent."""

    url: str
    fields: Mapping[str, str]


class Presigner(Protocol):
    """Something that signs forms."""

    def sign(self, key: str, fields: Mapping[str, str], *, max_size: int, seconds: int) -> PresignedPost:
        """Return a form for a key, or for every key below a prefix when it ends in `${filename}`.

        Its fields are exactly these; the file has 1 to `max_size` bytes and comes within `seconds`.
        """


class S3Presigner:
    """S3's own way, computed here; the bucket holds whoever sends the form to it."""

    def __init__(self, client: "Callable[[str, str], S3Client]", vault: Vault, *, secret: str, bucket: str) -> None:
        self._client = client
        self._vault = vault
        self._secret = secret
        self._bucket = bucket

    def sign(self, key: str, fields: Mapping[str, str], *, max_size: int, seconds: int) -> PresignedPost:
        """Sign with the key that the secret holds now; UnavailableError while it holds none."""
        access_key, access_secret = self._vault.texts_of(self._secret, "access_key_id", "secret_access_key")
        # Conditions are ANDed, and S3 refuses a field that none of them names.
        conditions: list[Any] = [{name: value} for name, value in fields.items()]
        signed = self._client(access_key, access_secret).generate_presigned_post(
            self._bucket,
            key,
            Fields=dict(fields),
            Conditions=[*conditions, ["content-length-range", 1, max_size]],
            ExpiresIn=seconds,
        )
        return PresignedPost(signed["url"], signed["fields"])
