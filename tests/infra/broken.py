"""What each of the guard's rules is there for: a change of the template that the rule must not let pass."""

from __future__ import annotations

from typing import Final, TypeAlias

GONE: Final = object()
"""A value that is to be taken out."""

Change: TypeAlias = tuple[str, str, object]

GUEST: Final = "GuestDistribution/Properties/DistributionConfig"
HEADERS: Final = "PageHeadersPolicy/Properties/ResponseHeadersPolicyConfig"
PUBLISHER_TRUST: Final = "PublisherRole/Properties/AssumeRolePolicyDocument/Statement/0"
SCC: Final = "SccRole/Properties/Policies/0/PolicyDocument/Statement"
SIGNER: Final = "UploadSigner/Properties/Policies/0/PolicyDocument/Statement/0"

# By rule: what is wrong, where below the template's resources, and what is put there. A statement goes by place or Sid.
BROKEN: Final[dict[str, list[Change]]] = {
    "buckets_are_private": [
        ("a bucket opened by a list", "StateBucket/Properties/PublicAccessBlockConfiguration/BlockPublicAcls", False),
        (
            "a bucket that may get a public policy",
            "OpsBucket/Properties/PublicAccessBlockConfiguration/RestrictPublicBuckets",
            GONE,
        ),
        (
            "objects that others own",
            "UploadsBucket/Properties/OwnershipControls/Rules/0/ObjectOwnership",
            "ObjectWriter",
        ),
    ],
    "buckets_are_encrypted": [
        ("a bucket in the clear", "GuestBucket/Properties/BucketEncryption", GONE),
    ],
    "buckets_outlive_the_stack": [
        ("a state that goes with the stack", "StateBucket/DeletionPolicy", "Delete"),
        ("a state that goes when it is replaced", "StateBucket/UpdateReplacePolicy", GONE),
    ],
    "buckets_are_asked_over_tls_alone": [
        ("a bucket over plain HTTP", "StateBucketPolicy/Properties/PolicyDocument/Statement/1/Condition/Bool", GONE),
        ("a bucket without the statement", "OpsBucketPolicy/Properties/PolicyDocument/Statement/1", GONE),
        (
            "plain HTTP from a real network",
            "GuestBucketPolicy/Properties/PolicyDocument/Statement/1/Condition/NotIpAddress",
            {"aws:SourceIp": "10.0.0.0/8"},
        ),
    ],
    "buckets_are_opened_to_cloudfront_alone": [
        ("pages for everybody", "GuestBucketPolicy/Properties/PolicyDocument/Statement/0/Principal", "*"),
        (
            "pages for every distribution there is",
            "GuestBucketPolicy/Properties/PolicyDocument/Statement/0/Condition",
            GONE,
        ),
        (
            "pages that CloudFront writes",
            "OpsBucketPolicy/Properties/PolicyDocument/Statement/0/Action",
            "s3:PutObject",
        ),
    ],
    "state_and_photos_are_served_to_nobody": [
        (
            "a state that is allowed to somebody",
            "StateBucketPolicy/Properties/PolicyDocument/Statement/0/Effect",
            "Allow",
        ),
        ("photos that are served", "UploadsBucketPolicy/Properties/PolicyDocument/Statement/0/Effect", "Allow"),
    ],
    "tables_are_protected": [
        ("a table anybody may delete", "SccTable/Properties/DeletionProtectionEnabled", False),
        ("a table without a yesterday", "DashboardTable/Properties/PointInTimeRecoverySpecification", GONE),
        ("a table that goes with the stack", "SccTable/DeletionPolicy", "Delete"),
    ],
    "queues_are_encrypted": [
        ("a queue in the clear", "Any", {"Type": "AWS::SQS::Queue", "Properties": {}}),
    ],
    "logs_have_an_end": [
        ("logs for ever", "SccLogs/Properties/RetentionInDays", GONE),
    ],
    "functions_log_where_it_ends": [
        ("a Lambda that opens its own log", "SccFunction/Properties/LoggingConfig", GONE),
    ],
    "alarms_tell_somebody": [
        ("an alarm that tells nobody", "SccFailures/Properties/AlarmActions", []),
        ("an alarm undecided about silence", "SccFailures/Properties/TreatMissingData", GONE),
    ],
    "roles_are_assumed_by_one_service": [
        (
            "a role for any account's Lambda",
            "SccRole/Properties/AssumeRolePolicyDocument/Statement/0/Principal",
            {"AWS": "*"},
        ),
        (
            "a role for another service",
            "DashboardRole/Properties/AssumeRolePolicyDocument/Statement/0/Principal",
            {"Service": "ec2.amazonaws.com"},
        ),
    ],
    "the_scheduler_acts_for_this_account_alone": [
        (
            "a scheduler for every account",
            "Any",
            {
                "Type": "AWS::IAM::Role",
                "Properties": {
                    "AssumeRolePolicyDocument": {
                        "Statement": [{"Principal": {"Service": "scheduler.amazonaws.com"}, "Action": "sts:AssumeRole"}]
                    }
                },
            },
        ),
    ],
    "the_scheduler_calls_and_does_no_more": [
        (
            "a scheduler that reads",
            "SccRole/Properties/AssumeRolePolicyDocument/Statement/0/Principal/Service",
            "scheduler.amazonaws.com",
        ),
    ],
    "functions_write_their_own_log": [
        ("a Lambda that writes every log", f"{SCC}/-1/Resource", {"Fn::Sub": "arn:aws:logs:*:*:*"}),
    ],
    "the_publishers_role_alone_has_a_name": [
        ("another role with a name", "SccRole/Properties/RoleName", {"Fn::Sub": "${Name}-scc"}),
    ],
    "the_publisher_is_assumed_by_whom_it_names": [
        ("a publisher that anybody is", f"{PUBLISHER_TRUST}/Principal", {"AWS": "*"}),
        ("a publisher that is a service", f"{PUBLISHER_TRUST}/Principal", {"Service": "lambda.amazonaws.com"}),
    ],
    "github_is_let_in_by_its_whole_subject": [
        (
            "every branch of the repository",
            f"{PUBLISHER_TRUST}/Condition/StringEquals/token.actions.githubusercontent.com:sub",
            [{"Fn::Sub": "repo:${GithubRepository}:*"}],
        ),
        (
            "a pull request",
            f"{PUBLISHER_TRUST}/Condition/StringEquals/token.actions.githubusercontent.com:sub",
            [{"Fn::Sub": "repo:${GithubRepository}:pull_request"}],
        ),
        (
            "a token for somebody else",
            f"{PUBLISHER_TRUST}/Condition/StringEquals/token.actions.githubusercontent.com:aud",
            GONE,
        ),
        ("subjects like the right one", f"{PUBLISHER_TRUST}/Condition/StringLike", {"any": "any"}),
    ],
    "no_role_does_everything": [
        ("an action for all", f"{SCC}/0/Action", ["dynamodb:*"]),
        ("every action but one", f"{SCC}/0/NotAction", "iam:*"),
    ],
    "no_role_reaches_everything": [
        ("every table", f"{SCC}/0/Resource", "*"),
        ("every table in a list", f"{SCC}/0/Resource", ["*"]),
        ("mail from any sender", f"{SCC}/Mail/Condition", GONE),
    ],
    "the_upload_signer_puts_uploads_alone": [
        ("a signer that reads", f"{SIGNER}/Action", "s3:GetObject"),
        ("a signer of anything", f"{SIGNER}/Resource", {"Fn::Sub": ["${Bucket}/*", {}]}),
        ("a signer in a group", "UploadSigner/Properties/Groups", ["admins"]),
    ],
    "roles_say_all_they_may_themselves": [
        ("permissions from elsewhere", "SccRole/Properties/ManagedPolicyArns", ["any"]),
    ],
    "topics_hear_this_account_alone": [
        ("alarms from every account", "AlarmTopicPolicy/Properties/PolicyDocument/Statement/0/Condition", GONE),
    ],
    "apis_have_a_policy": [
        ("an API for everybody", "SccApi/Properties/Policy", GONE),
        ("an operator from anywhere", "DashboardApi/Properties/Policy/Statement/0/Condition", GONE),
    ],
    "lambdas_are_called_by_what_they_serve": [
        ("a Lambda that every API may call", "SccPermission/Properties/SourceArn", GONE),
    ],
    "viewers_come_over_tls": [
        ("pages over plain HTTP", f"{GUEST}/CacheBehaviors/2/ViewerProtocolPolicy", "allow-all"),
        ("an old TLS", f"{GUEST}/ViewerCertificate/MinimumProtocolVersion", "TLSv1"),
    ],
    "origins_are_asked_over_tls": [
        ("an API over plain HTTP", f"{GUEST}/Origins/1/CustomOriginConfig/OriginProtocolPolicy", "match-viewer"),
    ],
    "buckets_are_asked_with_a_signature": [
        ("a bucket without a signature", f"{GUEST}/Origins/0/OriginAccessControlId", GONE),
        (
            "a signature now and then",
            "OriginAccess/Properties/OriginAccessControlConfig/SigningBehavior",
            "no-override",
        ),
    ],
    "the_edge_function_sees_every_path": [
        ("a way around the gate", f"{GUEST}/DefaultCacheBehavior/FunctionAssociations", []),
        ("a prefix around the gate", f"{GUEST}/CacheBehaviors/2/FunctionAssociations", GONE),
    ],
    "pages_are_sent_with_their_headers": [
        ("pages without headers", f"{GUEST}/CacheBehaviors/2/ResponseHeadersPolicyId", GONE),
        ("an hour of HSTS", f"{HEADERS}/SecurityHeadersConfig/StrictTransportSecurity/AccessControlMaxAgeSec", 3600),
        ("pages in a search", f"{HEADERS}/CustomHeadersConfig/Items/0/Value", "all"),
    ],
    "a_site_of_ones_own_has_its_own_headers": [
        ("an operator's own site kept out of search", f"{GUEST}/DefaultCacheBehavior/ResponseHeadersPolicyId", "any"),
    ],
    "no_secret_stands_in_the_template": [
        ("a key in the template", "GateSecret/Properties/SecretString", '{"cookie_keys": ["any"]}'),
        ("an access key of the stack's", "Any", {"Type": "AWS::IAM::AccessKey", "Properties": {}}),
    ],
}
