"""A session with AWS for one target: its profile's credentials, or those of a role, lent anew before they end."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from botocore.config import Config
from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials
from botocore.session import Session

from publisher.adapters.answers import StrangeAnswerError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from publisher.target import Access, Target

_HOLDS_CREDENTIALS: Final = ("AWS_ACCESS_KEY_ID", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_FULL_URI")
"""Variables by which a machine without profiles, such as CI's, says who it is."""


def open_session(target: Target, *, connect: float = 5.0, read: float = 12.0) -> Session:
    """Return a session that acts as the target says; a role is not asked for before the first call.

    Raises botocore's ProfileNotFound; `connect` and `read` are how long to wait for a role, in seconds.
    """
    session = Session(profile=_profile(target.access))
    if target.region:
        session.set_config_variable("region", target.region)
    if target.credentials:
        lent = target.credentials
        session.set_credentials(lent.key, lent.secret, lent.token)
    if target.access.role:
        _assume(session, target.access.role, target, Config(connect_timeout=connect, read_timeout=read))
    return session


def _profile(access: Access) -> str | None:
    """Return the profile to take; none on a machine that lacks it and says otherwise who it is, as CI does."""
    if access.profile is None or access.profile in Session().available_profiles:
        return access.profile
    return None if any(os.environ.get(name) for name in _HOLDS_CREDENTIALS) else access.profile


def _assume(session: Session, role: str, target: Target, config: Config) -> None:
    """Let a session act as a role from now on, on the way with what it had until now.

    botocore asks for the role again from a quarter of an hour before its credentials end, which is before any call of
    a publish fails, however long it takes.
    """
    source = session.get_credentials()
    if source is None:
        return  # whoever is not signed in is told so at the first call
    fetcher = AssumeRoleCredentialFetcher(
        client_creator=partial(session.create_client, endpoint_url=target.endpoint, config=config),
        source_credentials=source,
        role_arn=role,
        extra_args={"RoleSessionName": target.access.session, "DurationSeconds": target.access.lent},
    )
    # The session has a setter for fixed credentials alone; its own providers read a role from a file and not from here.
    session._credentials = DeferredRefreshableCredentials(  # type: ignore[attr-defined]  # noqa: SLF001 - see above
        method="assume-role", refresh_using=partial(_lent, fetcher)
    )


def _lent(fetcher: AssumeRoleCredentialFetcher) -> Mapping[str, Any]:
    """Return what a role lends; a web page in the place of STS's answer is well-formed, and holds no credentials."""
    try:
        found: Mapping[str, Any] = fetcher.fetch_credentials()
    except KeyError as error:
        raise StrangeAnswerError from error
    return found
