"""A small cloud for the edge: two buckets, an API that repeats what it was told, two distributions, the function."""

from __future__ import annotations

import http.client
import io
import json
import os
import shutil
import subprocess
import sys
import time
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from edge.cookies import HELD, KEY
from edge.viewing import ask

from castoff.cloud import identities, ministack
from castoff.cloud.account import account_of
from castoff.cloud.facts import Facts, save_facts
from castoff.cloud.key_value_store import open_store
from castoff.cloud.place import Place
from castoff.contract.tickets import Cookie, cookie_name, sign_cookie

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from castoff.cloud.account import Account
    from castoff.edge.messages import Headers, Response

ROOT = Path(__file__).parents[2]
ECHO = """
import json

def answer(event, context):
    told = {
        "method": event["httpMethod"],
        "path": event["path"],
        "query": event.get("multiValueQueryStringParameters") or {},
        "headers": {name.lower(): value for name, value in event["headers"].items()},
        "body": event.get("body"),
    }
    return {
        "statusCode": 201,
        "headers": {"Content-Type": "application/json", "Cache-Control": "no-store"},
        "multiValueHeaders": {"Set-Cookie": ["__Host-crew-a=1; Path=/; Secure", "b=2"]},
        "body": json.dumps(told),
    }
"""


@dataclass(frozen=True)
class Front:
    """The running cloud and edge, as a test sees them."""

    account: Account
    facts: Facts
    facts_file: Path
    edge_port: int
    log: Path
    client: dict[str, Any] = field(default_factory=dict, repr=False)

    def service(self, name: str) -> Any:
        """Return the deployer's client of a service."""
        if name not in self.client:
            session: Any = self.account.session
            self.client[name] = session.client(name, **self.account.options)
        return self.client[name]

    def put(self, key: str, body: str, *, cache: str = "max-age=0, s-maxage=600", site: str = "Guest") -> None:
        """Put a page into a site's bucket."""
        self.service("s3").put_object(
            Bucket=self.facts.outputs[f"{site}Bucket"],
            Key=key,
            Body=body.encode(),
            ContentType="text/html",
            CacheControl=cache,
        )

    def remove(self, key: str, *, site: str = "Guest") -> None:
        """Take a page away, whether or not it is there."""
        self.service("s3").delete_object(Bucket=self.facts.outputs[f"{site}Bucket"], Key=key)

    def invalidate(self, *paths: str, site: str = "Guest") -> None:
        """Create an invalidation of a site."""
        self.service("cloudfront").create_invalidation(
            DistributionId=self.facts.outputs[f"{site}Distribution"],
            InvalidationBatch={
                "Paths": {"Quantity": len(paths), "Items": list(paths)},
                "CallerReference": f"{time.time_ns()}",
            },
        )

    def cookie(self, subject: str, *, member: str = "captain-001") -> str:
        """Return what the browser of someone who logged in just now sends."""
        cookie = Cookie(subject, member, epoch=1, expires=int(time.time()) + 3600)
        return f"{cookie_name(subject)}={sign_cookie(cookie, KEY)}"

    def keep(self, key: str, value: str | None) -> None:
        """Write an entry of the edge's store, or take it away."""
        store, arn = open_store(self.account), self.facts.outputs["KeyValueStore"]
        etag = store.describe_key_value_store(KvsARN=arn)["ETag"]
        if value is None:
            store.delete_key(KvsARN=arn, IfMatch=etag, Key=key)
        else:
            store.put_key(KvsARN=arn, IfMatch=etag, Key=key, Value=value)

    def ask(
        self,
        target: str,
        *,
        host: str = "guest.localhost",
        method: str = "GET",
        headers: Headers = (),
        body: bytes | None = None,
    ) -> Response:
        """Ask the edge over HTTP, the target sent as it is."""
        return ask(self.edge_port, target, host=host, method=method, headers=headers, body=body)


@pytest.fixture(scope="session")
def front(
    tmp_path_factory: pytest.TempPathFactory, free_port: Callable[[], int], cloud_environment: dict[str, str]
) -> Iterator[Front]:
    """Start the embedded cloud with a small stack, and the edge in front of it."""
    folder = tmp_path_factory.mktemp("cloud")
    port, edge_port = free_port(), free_port()
    program = ministack.find(Place(ROOT), cloud_environment).program
    variables = ministack.prepare(folder, port=port, path=os.environ["PATH"])
    started = [start([str(program)], variables, folder / "cloud.log")]
    try:
        wait_for(port, ministack.HEALTH, started[0])
        endpoint = f"http://127.0.0.1:{port}"
        admin = identities.open_admin(endpoint=endpoint, region=ministack.REGION)
        account = account_of(admin, region=ministack.REGION, endpoint=endpoint)
        outputs = deploy(account)
        facts = Facts(
            endpoint=endpoint,
            region=ministack.REGION,
            edge=f"http://127.0.0.1:{edge_port}",
            pids={},
            stack="edge-tests",
            outputs=outputs,
            credentials={"edge": identities.open_edge(account, outputs)},
        )
        save_facts(facts, folder / "cloud.json")
        command = [sys.executable, "-m", "castoff.edge", "--facts", str(folder / "cloud.json"), "--access-log"]
        edge_log = folder / "edge.log"
        edge_variables = {**os.environ, "PYTHONPATH": str(ROOT / "site")}
        started.append(start([*command, "--port", str(edge_port)], edge_variables, edge_log))
        wait_for(edge_port, "/__edge/health", started[1])
        yield Front(account=account, facts=facts, facts_file=folder / "cloud.json", edge_port=edge_port, log=edge_log)
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait(timeout=20)
        shutil.rmtree(folder, ignore_errors=True)


def deploy(account: Account) -> dict[str, str]:
    """Make what a stack of castoff holds that the edge knows of, and return it as outputs."""
    cloudfront: Any = account.session.client("cloudfront", **account.options)
    outputs = {"GuestBucket": "queenofsandiego.example", "OpsBucket": "sailjada.example"}
    for bucket in outputs.values():
        account.session.client("s3", **account.options).create_bucket(
            Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "us-west-2"}
        )
    code = (ROOT / "cloudfront_function.js").read_bytes()
    outputs["KeyValueStore"] = make_store(account)
    made = cloudfront.create_function(
        Name="castoff-edge",
        FunctionConfig={
            "Comment": "",
            "Runtime": "cloudfront-js-2.0",
            "KeyValueStoreAssociations": {
                "Quantity": 1,
                "Items": [{"KeyValueStoreARN": outputs["KeyValueStore"]}],
            },
        },
        FunctionCode=code,
    )
    cloudfront.publish_function(Name="castoff-edge", IfMatch=made["ETag"])
    function = made["FunctionSummary"]["FunctionMetadata"]["FunctionARN"]
    policies = make_policies(cloudfront)
    api = make_api(account)
    for site in ("Guest", "Ops"):
        config = distribution_config(
            site, bucket=outputs[f"{site}Bucket"], api=api, function=function, policies=policies
        )
        distribution = cloudfront.create_distribution(DistributionConfig=config)["Distribution"]
        outputs[f"{site}Distribution"] = distribution["Id"]
        outputs[f"{site}DistributionDomain"] = distribution["DomainName"]
    return outputs


def make_store(account: Account) -> str:
    """Make the edge's store with its keys, and return its ARN."""
    cloudfront: Any = account.session.client("cloudfront", **account.options)
    arn = str(cloudfront.create_key_value_store(Name="castoff-gate")["KeyValueStore"]["ARN"])
    store = open_store(account)
    etag = store.describe_key_value_store(KvsARN=arn)["ETag"]
    puts = [{"Key": key, "Value": value} for key, value in HELD.items()]
    store.update_keys(KvsARN=arn, IfMatch=etag, Puts=puts)  # type: ignore[arg-type]
    return arn


def make_policies(cloudfront: Any) -> dict[str, str]:
    """Make the policies of pages and API."""
    pages = cloudfront.create_cache_policy(
        CachePolicyConfig={
            "Name": "pages",
            "MinTTL": 0,
            "DefaultTTL": 0,
            "MaxTTL": 31536000,
            "ParametersInCacheKeyAndForwardedToOrigin": {
                "EnableAcceptEncodingGzip": False,
                "HeadersConfig": {"HeaderBehavior": "none"},
                "CookiesConfig": {"CookieBehavior": "none"},
                "QueryStringsConfig": {"QueryStringBehavior": "none"},
            },
        }
    )
    told = cloudfront.create_origin_request_policy(
        OriginRequestPolicyConfig={
            "Name": "api",
            "HeadersConfig": {
                "HeaderBehavior": "whitelist",
                "Headers": {"Quantity": 2, "Items": ["Accept", "CloudFront-Viewer-Address"]},
            },
            "CookiesConfig": {"CookieBehavior": "all"},
            "QueryStringsConfig": {"QueryStringBehavior": "all"},
        }
    )
    headers = cloudfront.create_response_headers_policy(
        ResponseHeadersPolicyConfig={
            "Name": "pages",
            "SecurityHeadersConfig": {"ContentTypeOptions": {"Override": True}},
            "CustomHeadersConfig": {
                "Quantity": 1,
                "Items": [{"Header": "X-Robots-Tag", "Value": "noindex", "Override": True}],
            },
        }
    )
    return {
        "pages": pages["CachePolicy"]["Id"],
        "disabled": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",  # AWS's own CachingDisabled
        "api": told["OriginRequestPolicy"]["Id"],
        "headers": headers["ResponseHeadersPolicy"]["Id"],
    }


def make_api(account: Account) -> str:
    """Make a REST API whose Lambda says what it was told, and return its id."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("echo.py", ECHO)
    role = account.session.client("iam", **account.options).create_role(
        RoleName="echo",
        AssumeRolePolicyDocument=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"Service": "lambda.amazonaws.com"},
                        "Action": "sts:AssumeRole",
                    }
                ],
            }
        ),
    )["Role"]["Arn"]
    lambdas: Any = account.session.client("lambda", **account.options)
    function = lambdas.create_function(
        FunctionName="echo",
        Runtime="python3.11",
        Handler="echo.answer",
        Role=role,
        Code={"ZipFile": packed.getvalue()},
    )["FunctionArn"]
    lambdas.add_permission(
        FunctionName="echo", StatementId="api", Action="lambda:InvokeFunction", Principal="apigateway.amazonaws.com"
    )
    gateway: Any = account.session.client("apigateway", **account.options)
    api = gateway.create_rest_api(name="echo")["id"]
    root = gateway.get_resources(restApiId=api)["items"][0]["id"]
    below = gateway.create_resource(restApiId=api, parentId=root, pathPart="{proxy+}")["id"]
    gateway.put_method(restApiId=api, resourceId=below, httpMethod="ANY", authorizationType="NONE")
    gateway.put_integration(
        restApiId=api,
        resourceId=below,
        httpMethod="ANY",
        type="AWS_PROXY",
        integrationHttpMethod="POST",
        uri=f"arn:aws:apigateway:us-west-2:lambda:path/2015-03-31/functions/{function}/invocations",
    )
    gateway.create_deployment(restApiId=api, stageName="prod")
    return str(api)


def distribution_config(site: str, *, bucket: str, api: str, function: str, policies: dict[str, str]) -> dict[str, Any]:
    """Return a distribution as castoff's template makes it."""
    association = {
        "Quantity": 1,
        "Items": [{"EventType": "viewer-request", "FunctionARN": function}],
    }
    methods = ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"]
    api_behaviour = {
        "TargetOriginId": "scc",
        "ViewerProtocolPolicy": "https-only",
        "AllowedMethods": {"Quantity": len(methods), "Items": methods},
        "CachePolicyId": policies["disabled"],
        "OriginRequestPolicyId": policies["api"],
        "FunctionAssociations": association,
    }
    patterns = ["/crew/*", "/g/PRESIGN"]
    return {
        "CallerReference": site,
        "Comment": site,
        "Enabled": True,
        "Origins": {
            "Quantity": 2,
            "Items": [
                {
                    "Id": "pages",
                    "DomainName": f"{bucket}.s3.us-west-2.amazonaws.com",
                    "S3OriginConfig": {"OriginAccessIdentity": ""},
                },
                {
                    "Id": "scc",
                    "DomainName": f"{api}.execute-api.us-west-2.amazonaws.com",
                    "OriginPath": "/prod",
                    "CustomHeaders": {
                        "Quantity": 1,
                        "Items": [{"HeaderName": "X-Castoff-Origin", "HeaderValue": "ours"}],
                    },
                    "CustomOriginConfig": {
                        "HTTPPort": 80,
                        "HTTPSPort": 443,
                        "OriginProtocolPolicy": "https-only",
                    },
                },
            ],
        },
        "DefaultCacheBehavior": {
            "TargetOriginId": "pages",
            "ViewerProtocolPolicy": "redirect-to-https",
            "CachePolicyId": policies["pages"],
            "ResponseHeadersPolicyId": policies["headers"],
            "FunctionAssociations": association,
        },
        "CacheBehaviors": {
            "Quantity": len(patterns),
            "Items": [{**api_behaviour, "PathPattern": pattern} for pattern in patterns],
        },
        "CustomErrorResponses": {
            "Quantity": 2,
            "Items": [
                {
                    "ErrorCode": status,
                    "ResponseCode": "404",
                    "ResponsePagePath": "/castoff/404.html",
                    "ErrorCachingMinTTL": 0,
                }
                for status in (403, 404)
            ],
        },
    }


def start(command: list[str], variables: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    """Start a program of ours, its words in a file."""
    with log.open("wb") as words:
        return subprocess.Popen(command, env=variables, stdout=words, stderr=subprocess.STDOUT)


def wait_for(port: int, path: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until a program answers."""
    eventually(lambda: process.poll() is not None or answers(port, path))
    assert process.poll() is None, "the program ended while it was starting"


def answers(port: int, path: str) -> bool:
    """Say whether a path is answered with 200."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def eventually(holds: Callable[[], bool], *, patience: float = 30.0) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.05)
