"""AWS account on this machine: the state of its services, and how they call each other."""

import contextlib
import secrets
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from botocore.exceptions import ClientError

from preview.errors import Rejected
from preview.resource import Resource
from preview.resources import Resources
from preview.services.account_view import AccountView
from preview.services.alarms import Alarms
from preview.services.api.throttle import Throttle
from preview.services.aws.aws import Aws
from preview.services.aws.moto_gaps import closed_gaps
from preview.services.aws.moto_kms import closed_kms_gaps
from preview.services.aws.moto_overrides import moto_overrides
from preview.services.aws.moto_secrets import closed_secret_gaps
from preview.services.aws.policies import arn_matches
from preview.services.clock import Clock
from preview.services.edge.edge import Edge
from preview.services.edge.trusted_keys import trusted_groups
from preview.services.events import Events
from preview.services.existing_origin import ExistingOrigin
from preview.services.functions.asynchronous import Sent
from preview.services.functions.function import Function, FunctionError
from preview.services.logs import Logs
from preview.services.media import Media
from preview.services.media_metrics import MediaMetrics
from preview.services.notifications import Notifications
from preview.services.response_urls import ResponseUrls, Waiting
from preview.services.scheduler import Scheduler
from preview.services.signin.authenticators import Authenticators
from preview.services.signin.signin import SignIn
from preview.services.web_acl import WebAcl
from preview.stack_id import StackId


class Account:
    """One account in one Region with one stack. Only one at a time per process (moto)."""

    def __init__(self, stack: StackId | None = None) -> None:
        self.stack = stack or StackId()
        self._closing = contextlib.ExitStack()
        folder = self._closing.enter_context(tempfile.TemporaryDirectory(prefix="preview-"))
        self.folder = Path(folder)
        self.clock = Clock(self.folder / "clock")
        self.resources = Resources()
        self.aws = self._closing.enter_context(
            Aws(
                region=self.stack.region,
                patches=(
                    closed_gaps(self._group_in_use, self.clock.now),
                    closed_kms_gaps(),
                    closed_secret_gaps(self.clock.now),
                ),
                context_of=self._tags_of,
            )
        )
        self.response_urls = ResponseUrls(self.folder / "response-urls.pem")
        self._closing.callback(self.response_urls.close)
        self.functions: dict[str, Function] = {}
        """By ARN."""
        self.deployed: dict[str, list[Resource]] = {}
        """The resources in each deployment of a REST API, by the deployment's ID."""
        self.throttle = Throttle(self.clock.now)
        self.edges: dict[str, Edge] = {}
        """The edge of each distribution, by the distribution's ID."""
        self.web_acls: dict[str, WebAcl] = {}
        """By ARN."""
        self.signer_keys: dict[str, dict[str, str]] = {}
        """CloudFront key pairs that root users have created by hand: public keys (PEM) by key pair
        ID, by account number; "self" is this account, and so is its number."""
        self.sign_ins: dict[str, SignIn] = {}
        """The sign-in of each user pool domain, by the domain's logical ID."""
        self.stand_ins: dict[str, Any] = {}
        """WSGI applications in the place of identity providers, by the issuer's host."""
        self.countries: dict[str, str] = {}
        """The countries (ISO 3166-1) of viewers' IP addresses; of others, CloudFront knows none."""
        self.existing_origins: dict[str, ExistingOrigin] = {}
        """Origins that were there before the stack, by host name."""
        self.secrets_of_others: dict[str, str] = {}
        """The texts of secrets that were there before the stack, by ARN."""
        self.masked: set[str] = set()
        """Values of NoEcho parameters that CloudFormation masks in a custom resource's old
        properties. AWS does not document whether it does."""
        self.waited: list[Waiting] = []
        """Responses of custom resources that CloudFormation waited for."""
        self.requests: list[Sent] = []
        """Requests to custom resources."""
        self.stack_status = ""
        """CloudFormation's status of the stack, such as `CREATE_COMPLETE`."""
        self.media = Media(clock=self.clock, resources=self.resources, aws=self.aws)
        self._closing.enter_context(moto_overrides(self._view()))
        self.notifications = Notifications(clock=self.clock, resources=self.resources)
        self.events = Events(
            stack=self.stack,
            clock=self.clock,
            resources=self.resources,
            media=self.media,
            invoke=self.invoke,
            notifications=self.notifications,
        )
        self.scheduler = Scheduler(
            clock=self.clock,
            resources=self.resources,
            aws=self.aws,
            timers=self.events.timers,
        )
        self.media_metrics = MediaMetrics(media=self.media, resources=self.resources)
        self.alarms = Alarms(
            clock=self.clock,
            resources=self.resources,
            timers=self.events.timers,
            notifications=self.notifications,
            lost=self.events.lost,
            each_minute=self.media_metrics.of,
        )
        self.events.dropped, self.media.started = self._count_dropped, self.alarms.begin
        self.logs = Logs(stack=self.stack, resources=self.resources, aws=self.aws)
        self.mailbox: dict[str, str] = {}
        """What Cognito has mailed last, by email address: a temporary password, or a code."""
        self.authenticators = Authenticators(self.clock.now)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for function in self.functions.values():
            function.close()
        self._closing.close()

    def _view(self) -> AccountView:
        return AccountView(
            stack=self.stack,
            status=lambda: self.stack_status,
            resources=self.resources,
            media=self.media,
        )

    def _tags_of(self, arn: str) -> dict[str, str]:
        """The condition keys for the tags of a resource, if its Tags property is a map.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-resourcetag
        """
        for resource in self.resources.all():
            tags = resource.properties.get("Tags")
            if resource.attributes.get("Arn") == arn and isinstance(tags, dict):
                return {f"aws:ResourceTag/{name}": value for name, value in tags.items()}
        return {}

    def client(self, service: str) -> Any:
        """A boto3 client with the permissions of the account's operator, who may do everything."""
        return self.aws.client(service)

    def make_bucket(self, name: str) -> None:
        """Creates a bucket in the account's Region."""
        place = {"LocationConstraint": self.stack.region}
        elsewhere = self.stack.region != "us-east-1"
        self.client("s3").create_bucket(
            Bucket=name, **({"CreateBucketConfiguration": place} if elsewhere else {})
        )

    def put_object(self, bucket: str, key: str, body: bytes) -> None:
        """Puts an object into a bucket, and creates the bucket if needed."""
        if bucket not in {one["Name"] for one in self.client("s3").list_buckets()["Buckets"]}:
            self.make_bucket(bucket)
        self.client("s3").put_object(Bucket=bucket, Key=key, Body=body)

    def secret_text(self, arn: str) -> str:
        """The text of a secret, of the stack or there before it.

        Raises:
            Rejected: there is no such secret.
        """
        if arn in self.secrets_of_others:
            return self.secrets_of_others[arn]
        try:
            return str(self.client("secretsmanager").get_secret_value(SecretId=arn)["SecretString"])
        except ClientError:
            raise Rejected(f"Secrets Manager can't find the specified secret: {arn}.") from None

    def invite(self, pool: str, email: str, attributes: Sequence[Mapping[str, str]] = ()) -> None:
        """Adds a viewer to a user pool; Cognito mails the temporary password."""
        password = temporary_password()
        stated = list(attributes) or [{"Name": "email", "Value": email}]
        self.client("cognito-idp").admin_create_user(
            UserPoolId=pool, Username=email, UserAttributes=stated, TemporaryPassword=password
        )
        address = next(one["Value"] for one in stated if one["Name"] == "email")
        self.mailbox[address] = password

    def invoke(self, arn: str, event: Any, *, service: str, source_arn: str) -> Any:
        """A function's response to a service's event, if a permission lets the service invoke it.

        https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html

        Raises:
            Rejected: no permission allows the invocation, or there is no such function.
        """
        if not any(
            _permits(permission, arn, service, source_arn, self.stack.account_id)
            for permission in self.resources.of_type("AWS::Lambda::Permission")
        ):
            raise Rejected(f"{service} may not lambda:InvokeFunction on {arn} for {source_arn}.")
        return self.run(arn, event)

    def run(self, arn: str, event: Any) -> Any:
        """A function's response; its log lines go to the log group that its role may write to."""
        if arn not in self.functions:
            raise Rejected(f"{arn} is not a function in this account.")
        function = self.resources.one("AWS::Lambda::Function", arn, "Arn")
        try:
            return self.functions[arn].invoke(event)
        except FunctionError:
            self._count(function, "Errors")
            raise
        finally:
            group, lines = self.logs.write(function)
            self.alarms.read_log(group, lines)

    def count_edge(self, distribution: Resource, status: int) -> None:
        """CloudFront's rate of errors, a percentage of its responses to viewers.

        https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/programming-cloudwatch-metrics.html
        """
        of = {"DistributionId": distribution.ref, "Region": "Global"}
        self.alarms.record("AWS/CloudFront", "5xxErrorRate", 100 * (status >= 500), of)

    def count_api(self, stage: Resource, status: int) -> None:
        """API Gateway's requests and errors.

        https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html
        """
        api = self.resources.one("AWS::ApiGateway::RestApi", stage.properties["RestApiId"])
        of = {"ApiName": api.properties["Name"], "Stage": stage.ref}
        self.alarms.record("AWS/ApiGateway", "Count", 1, of)
        self.alarms.record("AWS/ApiGateway", "5XXError", status >= 500, of)

    def _count(self, function: Resource, metric: str) -> None:
        """https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html ."""
        self.alarms.record("AWS/Lambda", metric, 1, {"FunctionName": function.ref})

    def _count_dropped(self, arn: str) -> None:
        function = self.resources.one("AWS::Lambda::Function", arn, "Arn")
        self._count(function, "AsyncEventsDropped")

    def _group_in_use(self, key_group: str) -> bool:
        return any(
            key_group in trusted_groups(distribution)
            for distribution in self.resources.of_type("AWS::CloudFront::Distribution")
        )


def temporary_password() -> str:
    """A password that meets any password policy, as in an invitation message."""
    return f"Aa1!{secrets.token_urlsafe(12)}"


def _permits(permission: Resource, arn: str, service: str, source_arn: str, owner: str) -> bool:
    """https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html ."""
    stated = permission.properties
    return (
        stated["FunctionName"] in (arn, arn.rpartition(":")[2])
        and stated["Action"] in ("lambda:InvokeFunction", "lambda:*")
        and stated["Principal"] == service
        and stated.get("SourceAccount", owner) == owner
        and arn_matches(stated.get("SourceArn", "*"), source_arn)
    )
