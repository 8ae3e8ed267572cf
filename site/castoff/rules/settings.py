"""Rules about castoff.yaml: the brand, the clock and the targets."""

from __future__ import annotations

from typing import Final

from castoff.problems import Severity
from castoff.rules.rule import Chapter, Rule

CHAPTER: Final = Chapter(
    "Settings",
    (
        Rule(
            "unknown-timezone",
            "No clock on earth goes by a time zone of that name.",
            "Write the name of the nearest large city as the zone database has it, such as `America/Los_Angeles`.",
        ),
        Rule(
            "standing-clock",
            "`as_of` makes the clock stand still, which is for example sites, and the target is for real.",
            "Remove `as_of`.",
        ),
        Rule(
            "unknown-target",
            "No target of that name stands in `castoff.yaml`.",
            "Correct the name, or add the target.",
        ),
        Rule(
            "not-set-up",
            "A target has its domains and no more, since nothing was made for it in AWS yet: nothing can be published"
            " there. Everything else goes on.",
            "Run `castoff setup` for it, or remove it.",
            Severity.WARNING,
        ),
        Rule(
            "embedded-and-more",
            "A target is the embedded cloud and names parts of a real one as well.",
            "Remove one of the two.",
        ),
        Rule(
            "one-site-twice",
            "The guest site and the ops site share a domain, a bucket or a distribution, so one would overwrite the"
            " other.",
            "Give each site its own.",
        ),
        Rule(
            "behind-cloudfront",
            "A service's address leads through CloudFront, which by default forwards no viewer header to an origin, so"
            " that the key would be lost.",
            "Call it straight at API Gateway.",
        ),
        Rule(
            "wrong-secret",
            "A secret's place is not given as a reference. What stands there is never repeated, since it may be the"
            " secret itself.",
            "Write where it is kept, such as `secretsmanager:castoff/scc#service_key` or `env:SCC_KEY`.",
        ),
        Rule(
            "wrong-domain",
            "A domain is not a bare host name.",
            "Write it like `example.com`, without `https://` and without a path.",
        ),
        Rule(
            "wrong-bucket",
            "S3 has no buckets of that name: 3 to 63 lower-case letters, digits, dots and hyphens.",
            "Copy the name from the stack's outputs.",
        ),
        Rule(
            "wrong-distribution",
            "CloudFront has no distributions with such an id.",
            "Copy the id from the stack's outputs; it is like `E1EXAMPLE`.",
        ),
        Rule(
            "shared-bucket",
            "Two of sites, uploads and state share a bucket. A site's bucket is read by everybody, and emptied of"
            " what no booking explains.",
            "Give each a bucket of its own.",
        ),
        Rule(
            "shared-between-targets",
            "Two targets have a domain, a distribution, a service or a stack in common. Bookings have the same ids in"
            " every target, so a trial in one would change the other, and mail the real crew.",
            "Give each target its own.",
        ),
        Rule(
            "wrong-region",
            "A region is not written as AWS writes it.",
            "Write it like `us-west-2`.",
        ),
        Rule(
            "wrong-profile",
            "AWS's tools have no profiles of such a name.",
            "Copy the name from `~/.aws/config`.",
        ),
        Rule(
            "wrong-role-arn",
            "A role to assume is not named by its ARN.",
            "Write it like `arn:aws:iam::111122223333:role/castoff-publisher`; `castoff setup` says the publisher's.",
        ),
        Rule(
            "wrong-endpoint",
            "What stands for AWS is not an address of scheme, host and at most a port, or is far away and without TLS.",
            "Write it like `https://s3.example.com`, or remove it: AWS needs none.",
        ),
        Rule(
            "pages-go-first",
            "Pages go before the time is over in which they take photos.",
            "Keep pages (`retention.pages`) at least as long as `uploads.closes` says.",
            Severity.WARNING,
        ),
        Rule(
            "faint-colour",
            "The brand's colour is too pale for letters on the pages' paper, by WCAG's contrast of 4.5, so that"
            " pages show the nearest darker one.",
            "Write the colour that the hint names, or a darker one of your own.",
            Severity.WARNING,
        ),
    ),
)
