"""Invalidations at CloudFront."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError

from publisher.adapters.answers import code_of, whole
from publisher.errors import BusyError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from castoff.contract.release import Site
    from publisher.adapters.aws import Aws
    from publisher.target import SiteTarget

_BUSY: Final = "TooManyInvalidationsInProgress"


class CloudFrontDistributions:
    """The distributions of a target."""

    def __init__(self, aws: Aws, sites: Mapping[Site, SiteTarget]) -> None:
        self._aws = aws
        self._sites = sites

    def invalidate(self, site: Site, paths: tuple[str, ...], *, reference: str) -> str:
        """Ask for paths to be forgotten; the same reference with the same paths is answered with the earlier one."""
        distribution = self._sites[site].distribution
        with self._aws.in_words("CreateInvalidation", f"distribution {distribution}"):
            try:
                answer = self._aws.tried(
                    lambda: whole(
                        self._aws.cloudfront.create_invalidation(
                            DistributionId=distribution,
                            InvalidationBatch={
                                "Paths": {"Quantity": len(paths), "Items": list(paths)},
                                "CallerReference": reference,
                            },
                        ),
                        *("Invalidation", "Id"),
                    )
                )
            except ClientError as error:
                if code_of(error) != _BUSY:
                    raise
                raise BusyError(
                    f"distribution {distribution} has as many invalidations in progress as it may"
                ) from error
        return answer["Invalidation"]["Id"]

    def completed(self, site: Site, invalidation: str) -> bool:
        """Tell whether an invalidation is complete."""
        distribution = self._sites[site].distribution
        with self._aws.in_words("GetInvalidation", f"{invalidation} of distribution {distribution}"):
            answer = self._aws.tried(
                lambda: whole(
                    self._aws.cloudfront.get_invalidation(DistributionId=distribution, Id=invalidation),
                    *("Invalidation", "Status"),
                )
            )
        return answer["Invalidation"]["Status"] == "Completed"
