"""Links that were pressed in vain: so many an hour from one network, and so many of one member's.

Nobody guesses 256 bits. What is bounded is a flood, and what someone does with a link that is not theirs. A member's
own limit never stands before a good link: whoever found an old one must not be able to lock its member out.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from lambdas.service.limits import Limit, Limits
from lambdas.shipcaptaincrew.links import Links

_PER_NETWORK = Limit("tries-network", 60, timedelta(hours=1))
_PER_MEMBER = Limit("tries-member", 20, timedelta(hours=1))


class Over(StrEnum):
    """Whose limit a try went over."""

    NETWORK = "network"
    MEMBER = "member"


class Tries:
    """The tries in a table, as limits count them."""

    def __init__(self, links: Links, limits: Limits) -> None:
        self._links = links
        self._limits = limits

    def are_used_up(self, network: str, *, now: datetime) -> bool:
        """Tell whether a network has pressed so many links in vain that none of its links is looked at."""
        return self._limits.is_used_up(_PER_NETWORK, network, now=now)

    def count(self, token: str, *, subject: str, network: str, now: datetime) -> Over | None:
        """Count a link that was refused, and return whose limit that went over; None while its reason is to be said."""
        if not self._limits.allows(_PER_NETWORK, network, now=now):
            return Over.NETWORK
        member_id = self._links.made_for(token, subject=subject)
        if member_id is not None and not self._limits.allows(_PER_MEMBER, member_id, now=now):
            return Over.MEMBER
        return None
