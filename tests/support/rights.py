"""Rights of the stack's roles and users: what fails without each, what only AWS asks for, and what nobody may do."""

from __future__ import annotations

from typing import Any, Final

from support.privilege import Grant

STACK: Final = "privilege"

# What is taken, and the step of its errand that then fails. The steps are those of `support.errands`.
NEEDED: Final[dict[tuple[str, str], dict[tuple[str, str], str]]] = {
    ("SccRole", "OwnTable"): {
        ("dynamodb:ConditionCheckItem", "table/SccTable"): "event",
        ("dynamodb:DeleteItem", "table/SccTable"): "member",
        ("dynamodb:GetItem", "table/SccTable"): "member",
        ("dynamodb:PutItem", "table/SccTable"): "member",
        ("dynamodb:Query", "table/SccTable"): "event",
        ("dynamodb:UpdateItem", "table/SccTable"): "event",
    },
    ("SccRole", "OwnSecrets"): {
        ("secretsmanager:GetSecretValue", "secret:SccVerifySecret"): "member",
        ("secretsmanager:GetSecretValue", "secret:OriginSecret"): "page",
        ("secretsmanager:GetSecretValue", "secret:GateSecret"): "login",
        ("secretsmanager:GetSecretValue", "secret:UploadSignerSecret"): "form",
    },
    ("SccRole", "Gone"): {
        ("cloudfront-keyvaluestore:DescribeKeyValueStore", "key-value-store/KeyValueStore"): "leave",
        ("cloudfront-keyvaluestore:PutKey", "key-value-store/KeyValueStore"): "leave",
    },
    ("SccRole", "Mail"): {("ses:SendEmail", "*"): "mail"},
    ("UploadSigner", ""): {("s3:PutObject", "UploadsBucket/uploads/*"): "upload"},
    ("DashboardRole", "OwnTable"): {
        ("dynamodb:DeleteItem", "table/DashboardTable"): "move",
        ("dynamodb:GetItem", "table/DashboardTable"): "put",
        ("dynamodb:PutItem", "table/DashboardTable"): "put",
        ("dynamodb:Query", "table/DashboardTable"): "list",
        ("dynamodb:UpdateItem", "table/DashboardTable"): "read",
    },
    ("DashboardRole", "OwnSecrets"): {("secretsmanager:GetSecretValue", "secret:DashboardVerifySecret"): "put"},
    ("PublisherRole", "Pages"): {
        (f"s3:{action}Object", f"{bucket}/{prefix}*"): f"{step} {bucket.removesuffix('Bucket').lower()} {prefix}"
        for action, step in (("Get", "first"), ("Put", "put"), ("Delete", "delete"))
        for bucket, prefix in (
            ("GuestBucket", "g/"),
            ("GuestBucket", "castoff/"),
            ("OpsBucket", "ops/"),
            ("OpsBucket", "castoff/"),
        )
    },
    ("PublisherRole", "State"): {
        ("s3:GetObject", "StateBucket/*"): "first state",
        ("s3:PutObject", "StateBucket/*"): "save state",
    },
    # On AWS, what is missing is 403 besides for who may not list.
    ("PublisherRole", "MissingIsMissing"): {
        ("s3:ListBucket", "GuestBucket"): "look",
        ("s3:ListBucket", "OpsBucket"): "look",
        ("s3:ListBucket", "StateBucket"): "records",
    },
    ("PublisherRole", "Invalidate"): {
        ("cloudfront:CreateInvalidation", "distribution/GuestDistribution"): "invalidate guest",
        ("cloudfront:CreateInvalidation", "distribution/OpsDistribution"): "invalidate ops",
        ("cloudfront:GetInvalidation", "distribution/GuestDistribution"): "invalidated guest",
        ("cloudfront:GetInvalidation", "distribution/OpsDistribution"): "invalidated ops",
    },
    ("PublisherRole", "Keys"): {
        ("secretsmanager:GetSecretValue", "secret:SccSecret"): "crew",
        ("secretsmanager:GetSecretValue", "secret:DashboardSecret"): "calendar",
    },
    ("PublisherRole", "Call"): {
        ("execute-api:Invoke", "SccApi/prod/*"): "crew",
        ("execute-api:Invoke", "DashboardApi/prod/*"): "calendar",
    },
}

# What the embedded cloud never asks for, so that nothing here fails without it: infra/castoff.guard holds these.
NOT_ASKED_HERE: Final = {
    Grant("SccRole", "Logs", "logs:CreateLogStream", "log-group:SccLogs:*"),
    Grant("SccRole", "Logs", "logs:PutLogEvents", "log-group:SccLogs:*"),
    Grant("DashboardRole", "Logs", "logs:CreateLogStream", "log-group:DashboardLogs:*"),
    Grant("DashboardRole", "Logs", "logs:PutLogEvents", "log-group:DashboardLogs:*"),
    # A message that is brought whole is asked for this one on AWS.
    Grant("SccRole", "Mail", "ses:SendRawEmail", "*"),
    # What failed for good is left here by Lambda and by the scheduler, which it neither asks for their roles.
    Grant("SccRole", "LeftOver", "sqs:SendMessage", f"{STACK}-left-over"),
    Grant("TickRole", "LeftOver", "sqs:SendMessage", f"{STACK}-left-over"),
    Grant("TickRole", "Call", "lambda:InvokeFunction", "function:SccFunction"),
}

STEPS: Final = {
    Grant(principal, sid, action, resource): step
    for (principal, sid), needed in NEEDED.items()
    for (action, resource), step in needed.items()
}

ITEM: Final = {"pk": {"S": "a"}, "sk": {"S": "b"}}
MAIL: Final = {
    "FromEmailAddress": "crew@example.com",
    "Destination": {"ToAddresses": ["maya@example.com"]},
    "Content": {"Simple": {"Subject": {"Data": "x"}, "Body": {"Text": {"Data": "x"}}}},
}
PATHS: Final = {"Paths": {"Quantity": 1, "Items": ["/g/x"]}, "CallerReference": "forbidden"}
ADMINISTRATION: Final = (
    ("iam", "create_access_key", {"UserName": f"{STACK}-upload-signer"}),
    ("iam", "list_users", {}),
    ("cloudformation", "delete_stack", {"StackName": STACK}),
    ("lambda", "update_function_configuration", {"FunctionName": f"{STACK}-scc", "Timeout": 1}),
    ("lambda", "invoke", {"FunctionName": f"{STACK}-scc", "Payload": '{"castoff": "tick"}'}),
    ("apigateway", "update_rest_api", {"restApiId": "{SccApi}", "patchOperations": []}),
    ("cloudfront", "get_distribution_config", {"Id": "{GuestDistribution}"}),
    ("s3", "list_buckets", {}),
    ("s3", "put_bucket_policy", {"Bucket": "{UploadsBucket}", "Policy": "{}"}),
    ("dynamodb", "delete_table", {"TableName": "{SccTable}"}),
    ("secretsmanager", "list_secrets", {}),
    ("secretsmanager", "put_secret_value", {"SecretId": f"{STACK}/gate", "SecretString": "{}"}),
)
"""What is nobody's but the deployer's."""

NO_PAGES: Final = (
    ("s3", "put_object", {"Bucket": "{GuestBucket}", "Key": "g/x.html"}),
    ("s3", "put_object", {"Bucket": "{OpsBucket}", "Key": "ops/index.html"}),
    ("s3", "delete_object", {"Bucket": "{GuestBucket}", "Key": "g/x.html"}),
    ("s3", "get_object", {"Bucket": "{StateBucket}", "Key": "state.json.gz"}),
    ("s3", "put_object", {"Bucket": "{StateBucket}", "Key": "state.json.gz"}),
    ("s3", "get_object", {"Bucket": "{UploadsBucket}", "Key": "uploads/x/guest/1.jpg"}),
    ("s3", "delete_object", {"Bucket": "{UploadsBucket}", "Key": "uploads/x/guest/1.jpg"}),
    ("s3", "list_objects_v2", {"Bucket": "{UploadsBucket}"}),
    ("cloudfront", "create_invalidation", {"DistributionId": "{GuestDistribution}", "InvalidationBatch": PATHS}),
)
"""What is none of a service's business."""

FORBIDDEN: Final[dict[str, tuple[tuple[str, str, dict[str, Any]], ...]]] = {
    "SccRole": (
        *ADMINISTRATION,
        *NO_PAGES,
        ("s3", "put_object", {"Bucket": "{UploadsBucket}", "Key": "uploads/x/guest/1.jpg"}),
        ("dynamodb", "scan", {"TableName": "{SccTable}"}),
        ("dynamodb", "get_item", {"TableName": "{DashboardTable}", "Key": ITEM}),
        ("dynamodb", "put_item", {"TableName": "{DashboardTable}", "Item": ITEM}),
        *(
            ("secretsmanager", "get_secret_value", {"SecretId": f"{STACK}/{name}"})
            for name in ("scc", "dashboard", "dashboard-verify")
        ),
        ("sesv2", "create_email_identity", {"EmailIdentity": "other.example.com"}),
        ("sesv2", "delete_email_identity", {"EmailIdentity": "crew@example.com"}),
    ),
    "DashboardRole": (
        *ADMINISTRATION,
        *NO_PAGES,
        ("s3", "put_object", {"Bucket": "{UploadsBucket}", "Key": "uploads/x/guest/1.jpg"}),
        ("sesv2", "send_email", MAIL),
        ("dynamodb", "scan", {"TableName": "{DashboardTable}"}),
        ("dynamodb", "get_item", {"TableName": "{SccTable}", "Key": ITEM}),
        ("dynamodb", "put_item", {"TableName": "{SccTable}", "Item": ITEM}),
        *(
            ("secretsmanager", "get_secret_value", {"SecretId": f"{STACK}/{name}"})
            for name in ("scc", "scc-verify", "dashboard", "origin", "gate", "upload-signer")
        ),
    ),
    "PublisherRole": (
        *ADMINISTRATION,
        ("s3", "put_object", {"Bucket": "{GuestBucket}", "Key": "index.html"}),
        ("s3", "put_object", {"Bucket": "{GuestBucket}", "Key": "ops/index.html"}),
        ("s3", "put_object", {"Bucket": "{OpsBucket}", "Key": "g/x.html"}),
        ("s3", "delete_object", {"Bucket": "{StateBucket}", "Key": "state.json.gz"}),
        ("s3", "get_object", {"Bucket": "{UploadsBucket}", "Key": "uploads/x/guest/1.jpg"}),
        ("s3", "put_object", {"Bucket": "{UploadsBucket}", "Key": "uploads/x/guest/1.jpg"}),
        ("s3", "list_objects_v2", {"Bucket": "{UploadsBucket}"}),
        ("sesv2", "send_email", MAIL),
        ("dynamodb", "get_item", {"TableName": "{SccTable}", "Key": ITEM}),
        ("dynamodb", "put_item", {"TableName": "{DashboardTable}", "Item": ITEM}),
        *(
            ("secretsmanager", "get_secret_value", {"SecretId": f"{STACK}/{name}"})
            for name in ("scc-verify", "dashboard-verify", "origin", "gate", "upload-signer")
        ),
    ),
    "UploadSigner": (
        *ADMINISTRATION,
        *NO_PAGES,
        ("s3", "put_object", {"Bucket": "{UploadsBucket}", "Key": "taken/x/1.jpg"}),
        ("s3", "put_object_acl", {"Bucket": "{UploadsBucket}", "Key": "uploads/x/1.jpg", "ACL": "public-read"}),
        ("s3", "list_object_versions", {"Bucket": "{UploadsBucket}"}),
        ("dynamodb", "get_item", {"TableName": "{SccTable}", "Key": ITEM}),
        ("sesv2", "send_email", MAIL),
        ("secretsmanager", "get_secret_value", {"SecretId": f"{STACK}/upload-signer"}),
    ),
}
