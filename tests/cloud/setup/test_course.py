"""Setting up an AWS account: shown before it is done, done once, written down, and gone on with after any end."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from support.shore import SETTINGS, Answering, Breaking, BrokenOffError, Shore, named

from castoff.cli import main
from castoff.cloud.account import account_of, caller_of
from castoff.cloud.facts import Credentials
from castoff.cloud.problems import CallError, CloudError, StackError
from castoff.cloud.standing import load_standing

if TYPE_CHECKING:
    from collections.abc import Callable

    from castoff.cloud.facts import Facts


PROGRAM = Path(sys.executable).with_name("castoff")
STEPS = 6
"""How many steps a first run tells of at least, each a place to end at."""


def client(shore: Shore, service: str) -> Any:
    """Open a client of the operator's account."""
    return shore.account.session.client(service, **shore.account.options)  # type: ignore[call-overload]


def test_a_season_of_setups(ashore: Callable[..., Shore]) -> None:
    """Made and written down, found as it should be, changed, cut off before its APIs, mended, and never written over.

    Each value that a publish needs stands in castoff.yaml in the look that the file had; a second run asks nothing,
    writes nothing and makes no key; what was set once stays set; another's value in castoff.yaml is for the operator.
    """
    shore = ashore("season")

    out = shore.set_up(given={**shore.given, "LinkHours": "24"}).outputs

    written = shore.settings.read_text(encoding="utf-8")
    assert written == named(SETTINGS, "season").replace(
        "sails.example.com}",
        f"sails.example.com, bucket: {out['GuestBucket']}, distribution: {out['GuestDistribution']}}}",
    ).replace(
        "board.example.com}\n",
        f"board.example.com, bucket: {out['OpsBucket']}, distribution: {out['OpsDistribution']}}}\n"
        f"    uploads: {out['UploadsBucket']}\n"
        f"    state: s3://{out['StateBucket']}/\n"
        f'    scc: {{url: "{out["SccUrl"]}", key: "secretsmanager:season/scc#service_key"}}\n'
        f'    dashboard: {{url: "{out["DashboardUrl"]}", token: "secretsmanager:season/dashboard#token"}}\n',
    )

    before, operator = (shore.settings.stat().st_mtime_ns, _secrets(shore)), Answering()

    again = shore.set_up(given={}, operator=operator)

    assert again.nothing
    assert operator.shown == []
    assert (shore.settings.stat().st_mtime_ns, _secrets(shore)) == before

    time.sleep(1.1)  # API Gateway's clock shows seconds
    shore.settings.write_text(written.replace("Los_Angeles", "Denver"), encoding="utf-8")
    deployed = _deployment(shore)
    with pytest.raises(BrokenOffError):
        shore.set_up(given={"OperatorAddresses": "192.0.2.0/24"}, progress=_At("deploying the APIs"))
    cut_off = _deployment(shore)

    mended = shore.set_up(given={})

    standing = load_standing(shore.account, "season")
    assert standing is not None
    assert (standing.parameters["LinkHours"], standing.parameters["TimeZone"]) == ("24", "America/Denver")
    brand = [standing.parameters[name] for name in ("MailFrom", "BrandName", "BrandContact")]
    assert brand == ["sail@example.com", "Harbour Sails", "sail@example.com"]
    assert mended.changes == ()
    assert cut_off == deployed
    assert _deployment(shore) != deployed

    client(shore, "s3").create_bucket(
        Bucket="of-my-own", CreateBucketConfiguration={"LocationConstraint": shore.account.region}
    )
    differing = re.sub("uploads: .*", "uploads: of-my-own", shore.settings.read_text(encoding="utf-8"))
    shore.settings.write_text(differing, encoding="utf-8")

    with pytest.raises(CloudError, match=r"castoff\.yaml has `of-my-own` as `uploads`, and the stack"):
        shore.set_up()

    assert shore.settings.read_text(encoding="utf-8") == differing


def test_what_nobody_wants_leaves_no_trace(ashore: Callable[..., Shore]) -> None:
    """No stack, not even an empty one, and castoff.yaml as it was."""
    shore = ashore("unwanted")

    done = shore.set_up(operator=Answering(changes_too=False))

    names = [one["StackName"] for one in client(shore, "cloudformation").describe_stacks()["Stacks"]]
    assert not done.agreed
    assert "unwanted" not in names
    assert shore.settings.read_text(encoding="utf-8") == named(SETTINGS, shore.stack)


def test_a_run_that_ends_anywhere_is_gone_on_with(ashore: Callable[..., Shore]) -> None:
    """Ended at its first step, the next at its second, and so on: one stack and the same file come of it.

    Whoever made it is among those whose signatures it knows.
    """
    signed = SETTINGS.replace("  local:", "    scc: {auth: sigv4}\n  local:")
    shore, ended, done = ashore("tenacious", signed), 0, None
    while done is None:
        try:
            done = shore.set_up(progress=Breaking(at=ended + 1))
        except BrokenOffError:
            ended += 1

    again = shore.set_up(given={})
    assert ended >= STEPS
    assert again.nothing
    assert "uploads: " + again.outputs["UploadsBucket"] in shore.settings.read_text(encoding="utf-8")
    assert _secrets(shore)["tenacious/gate"] != "{}"
    standing = load_standing(shore.account, "tenacious")
    assert standing is not None
    assert standing.parameters["OperatorPrincipals"] == caller_of(shore.account).arn


def test_a_failed_creation_says_its_first_cause_and_is_cleared_away(ashore: Callable[..., Shore]) -> None:
    """A function in the way stops the stack; with that gone the next run makes it."""
    shore = ashore("blocked")
    client(shore, "cloudformation").create_stack(StackName="blocked", TemplateBody=_BROKEN)
    _settle(shore, "blocked")

    with pytest.raises(StackError) as failed:
        shore.set_up(progress=_InTheWay(shore))
    client(shore, "cloudfront").delete_function(Name="blocked-edge", IfMatch=_etag(shore, "blocked-edge"))
    done = shore.set_up()

    assert "EdgeFunction (AWS::CloudFront::Function): " in failed.value.message
    assert failed.value.hint == "what was half made has been taken back: mend the first cause, then run it again"
    assert done.agreed


@pytest.mark.parametrize(
    ("settings", "given", "words"),
    [
        (SETTINGS, {}, "nobody could call the APIs: from which networks do you publish?"),
        (
            SETTINGS,
            {"OperatorAddresses": "127.0.0.1/32", "OperatorPrincipals": "arn:aws:iam::999999999999:role/office"},
            "`OperatorPrincipals` names account 999999999999, and the stack is in 000000000000: theirs cannot call",
        ),
        (SETTINGS, {"LinkHour": "3"}, "the stack has no parameter `LinkHour`"),
        (SETTINGS, {"TimeZone": "UTC"}, "`--set TimeZone=…` would say again what castoff.yaml says"),
        (SETTINGS, {"Runtime": "python2.7"}, "`Runtime` is `python2.7`"),
        (SETTINGS.replace(", email: sail@example.com", ""), {}, "nothing says the stack's `MailFrom`"),
        (
            SETTINGS.replace("board.example.com}", "board.example.com, bucket: not-there-at-all}"),
            {},
            "castoff.yaml has `not-there-at-all` as `ops.bucket`, and this account has no such thing",
        ),
        (
            SETTINGS.replace("board.example.com}", "board.example.com, distribution: E9NOTTHERE}"),
            {},
            "castoff.yaml has `E9NOTTHERE` as `ops.distribution`, and this account has no such thing",
        ),
        (
            SETTINGS.replace("  local:", '    scc: {url: "https://a.example.com/prod"}\n  local:'),
            {},
            "castoff.yaml has `https://a.example.com/prod` as `scc.url`, and there is no stack `refused` that made it",
        ),
        (
            SETTINGS.replace("  local:", '    scc: {key: "ssm:/mine"}\n  local:'),
            {},
            "castoff.yaml has `ssm:/mine` as `scc.key`, and there is no stack `refused` that made it",
        ),
        (
            SETTINGS.replace("  local:", '    dashboard: {token: "secretsmanager:old/dashboard#token"}\n  local:'),
            {},
            (
                "castoff.yaml has `secretsmanager:old/dashboard#token` as `dashboard.token`, and there is no stack"
                " `refused` that made it"
            ),
        ),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_made(
    settings: str, given: dict[str, str], words: str, ashore: Callable[..., Shore]
) -> None:
    """Each with what is wrong, and a hint."""
    shore = ashore("refused", settings)

    with pytest.raises(CloudError) as refused:
        shore.set_up(given=given)

    assert refused.value.message == words
    assert refused.value.hint
    assert load_standing(shore.account, "refused") is None


def test_who_may_not_is_told_what_to_allow(ashore: Callable[..., Shore]) -> None:
    """A refusal of AWS's is a sentence with the call in it, no traceback."""
    shore = ashore("forbidden")
    iam = client(shore, "iam")
    iam.create_user(UserName="deckhand")
    key = iam.create_access_key(UserName="deckhand")["AccessKey"]
    credentials = Credentials(key["AccessKeyId"], key["SecretAccessKey"])
    deckhand = account_of(credentials, region=shore.account.region, endpoint=shore.account.endpoint)

    with pytest.raises(CallError) as refused:
        shore.set_up(account=deckhand)

    assert refused.value.hint == "whoever runs this has to be allowed `cloudformation:DescribeStacks`"


def test_the_command_shows_asks_and_tells_also_after_a_kill(ashore: Callable[..., Shore], cloud: Facts) -> None:
    """Without a terminal nothing is done unasked; a SIGKILL in the middle leaves the rest to the next run."""
    shore = ashore("spoken")
    command = [PROGRAM, "-C", shore.root, "setup", *_sets(shore)]
    environment = _environment(cloud)

    asked = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    assert (asked.returncode, asked.stdout) == (1, "")
    assert asked.stderr.startswith("production, stack `spoken` in us-west-2, account 000000000000: ")
    assert "  add       S3::Bucket " in asked.stderr
    assert asked.stderr.endswith(
        "error: there is no terminal to ask at\n  hint: read what is above, then run it again with `--yes`\n"
    )

    killed = subprocess.Popen([*command, "--yes"], env=environment, stderr=subprocess.DEVNULL)
    while load_standing(shore.account, "spoken") is None:
        assert killed.poll() is None
        time.sleep(0.005)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    assert shore.settings.read_text(encoding="utf-8") == named(SETTINGS, shore.stack)

    agreed = subprocess.run([*command, "--yes", "--json"], env=environment, capture_output=True, text=True, check=True)

    told = json.loads(agreed.stdout)
    assert (told["agreed"], told["stack"], len(told["written"])) == (True, "spoken", 10)
    assert "add" not in {one["verb"] for one in told["changes"]}
    assert _secrets(shore)["spoken/gate"] != "{}"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (
            ["--target", "local"],
            1,
            "error: `local` is the embedded cloud\n  hint: `castoff cloud start` sets that up\n",
        ),
        (["--target", "staging"], 1, "error: castoff.yaml has no target `staging`\n"),
        (["--set", "LinkHours"], 2, "Error: `--set LinkHours`: write NAME=VALUE\n"),
    ],
)
def test_the_command_refuses_without_asking_aws(
    arguments: list[str], code: int, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What castoff.yaml or the command line has wrong is told at once, also by whoever is not signed in."""
    (tmp_path / "castoff.yaml").write_text(SETTINGS, encoding="utf-8")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")

    ran = CliRunner().invoke(main, ["-C", str(tmp_path), "setup", *arguments])

    assert (ran.exit_code, ran.stdout) == (code, "")
    assert words in ran.stderr


_BROKEN = json.dumps(
    {
        "Resources": {
            "Copy": {
                "Type": "AWS::SecretsManager::Secret",
                "Properties": {"SecretString": "{{resolve:secretsmanager:nowhere:SecretString:key}}"},
            }
        }
    }
)


class _At:
    """Ends the run at a step, by its words."""

    def __init__(self, words: str) -> None:
        self._words = words

    def step(self, text: str) -> None:
        """End there."""
        if text == self._words:
            raise BrokenOffError(text)


class _InTheWay:
    """Puts a function of the name that the stack's has in its way."""

    def __init__(self, shore: Shore) -> None:
        self._cloudfront, self._name = client(shore, "cloudfront"), f"{shore.stack}-edge"

    def step(self, text: str) -> None:
        """Put it there before the change set is worked out."""
        if text == "asking what would change":
            self._cloudfront.create_function(
                Name=self._name,
                FunctionConfig={"Comment": "in the way", "Runtime": "cloudfront-js-2.0"},
                FunctionCode=b"function handler() {}",
            )


def _secrets(shore: Shore) -> dict[str, str]:
    """Return what the stack's secrets hold."""
    vault = client(shore, "secretsmanager")
    names = ("scc", "scc-verify", "dashboard", "gate", "upload-signer")
    whole = [f"{shore.stack}/{name}" for name in names]
    return {name: vault.get_secret_value(SecretId=name)["SecretString"] for name in whole}


def _etag(shore: Shore, function: str) -> str:
    etag: str = client(shore, "cloudfront").describe_function(Name=function, Stage="DEVELOPMENT")["ETag"]
    return etag


def _deployment(shore: Shore) -> str:
    standing = load_standing(shore.account, shore.stack)
    assert standing is not None
    stage = client(shore, "apigateway").get_stage(restApiId=standing.resources["SccApi"], stageName="prod")
    deployment: str = stage["deploymentId"]
    return deployment


def _settle(shore: Shore, name: str) -> None:
    cloudformation = client(shore, "cloudformation")
    while cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"].endswith("IN_PROGRESS"):
        time.sleep(0.01)


def _sets(shore: Shore) -> list[str]:
    return [word for name, value in shore.given.items() for word in ("--set", f"{name}={value}")]


def _environment(cloud: Facts) -> dict[str, str]:
    admin = cloud.credentials["admin"]
    return {
        **os.environ,
        "AWS_ENDPOINT_URL": cloud.endpoint,
        "AWS_REGION": cloud.region,
        "AWS_ACCESS_KEY_ID": admin.key,
        "AWS_SECRET_ACCESS_KEY": admin.secret,
    }
