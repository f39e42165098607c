"""What an update of a stack means for viewers and the operator, by resource type and property."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from protected_stream.reading.changes import Change, Effect

VIEWERS, OPERATOR = "viewers", "operator"
STOP_TO_UPDATE = "StopChannelToUpdate"
"""The parameter with the date on which an update may stop a running channel."""
GUARD = "Custom::ChannelGuard"
GUARDED = ("AWS::MediaLive::Channel", "AWS::MediaLive::Input")
"""What cannot change while the channel runs."""
GUARD_COMPARES = ("Channel", "Definition", "References")
"""The guard's properties, of which one changes with the channel and its inputs: a test compares
them with the section's."""
NEW = frozenset({Effect.ADDED})
CHANGED = frozenset({Effect.IN_PLACE, Effect.PERHAPS_REPLACED})
OTHER = frozenset({Effect.REPLACED, Effect.PERHAPS_REPLACED})
GONE = frozenset({Effect.REMOVED})
LOST = OTHER | GONE


@dataclass(frozen=True, kw_only=True)
class Consequence:
    """A row of the table."""

    kind: str
    """The resource type."""
    effects: frozenset[Effect]
    audience: str
    """VIEWERS or OPERATOR."""
    text: str
    properties: tuple[str, ...] = ()
    """Dotted paths, one of which must change; empty for any."""

    def applies(self, change: Change) -> bool:
        """Whether the change has this consequence."""
        return (
            change.kind == self.kind
            and change.effect in self.effects
            and (not self.properties or any(map(self._names, change.properties)))
        )

    def _names(self, path: str) -> bool:
        return any(path == one or path.startswith(f"{one}.") for one in self.properties)


def _row(
    kind: str, effects: frozenset[Effect], audience: str, text: str, *properties: str
) -> Consequence:
    return Consequence(
        kind=kind, effects=effects, audience=audience, text=text, properties=properties
    )


# Sources: docs/on-air.md, docs/keys.md, docs/viewers.md, docs/domain.md and docs/api.md, which cite
# AWS's pages
CONSEQUENCES: tuple[Consequence, ...] = (
    _row(
        "AWS::MediaLive::Channel",
        CHANGED,
        VIEWERS,
        "the stream is interrupted while the channel stops and starts again, if it is running",
    ),
    _row(
        "AWS::MediaLive::Channel",
        CHANGED,
        OPERATOR,
        "refused while the channel is running, unless StopChannelToUpdate is today's date, which "
        "takes the show off the air until the channel runs again, a minute or two after the update",
    ),
    _row(
        "AWS::MediaLive::Channel",
        LOST,
        VIEWERS,
        "the stream goes off the air, if the channel is running",
    ),
    _row("AWS::MediaLive::Channel", NEW, OPERATOR, "a channel that must be started to go on air"),
    _row(
        "AWS::MediaLive::Input",
        CHANGED,
        VIEWERS,
        "the stream is interrupted while the channel stops and starts again, if it is running",
    ),
    _row(
        "AWS::MediaLive::Input",
        CHANGED,
        OPERATOR,
        "refused while the channel is running, unless StopChannelToUpdate is today's date",
    ),
    _row(
        "AWS::MediaLive::Input",
        CHANGED,
        OPERATOR,
        "an encoder that pushes RTMP must use the new stream key",
        "Destinations",
    ),
    _row(
        "AWS::MediaLive::Input",
        OTHER,
        OPERATOR,
        "the source changes: an encoder that pushes must push to other addresses (outputs)",
    ),
    _row("AWS::MediaLive::Input", GONE, OPERATOR, "nothing can be sent to the former addresses"),
    _row(
        "AWS::MediaLive::Input",
        NEW,
        OPERATOR,
        "an encoder that pushes must push to the addresses of the outputs",
    ),
    _row(
        "AWS::MediaLive::InputSecurityGroup",
        CHANGED | OTHER | NEW,
        OPERATOR,
        "only encoders in the ranges of the InputCidr parameters may send",
    ),
    *(
        row
        for kind in (
            "AWS::MediaPackageV2::ChannelGroup",
            "AWS::MediaPackageV2::Channel",
            "AWS::MediaPackageV2::OriginEndpoint",
        )
        for row in (
            _row(
                kind,
                LOST,
                VIEWERS,
                "the stream's former addresses end: the page must be loaded again",
            ),
            _row(
                kind,
                LOST,
                OPERATOR,
                "apps that play the manifests need the new addresses, which are outputs",
            ),
        )
    ),
    _row(
        "AWS::MediaPackageV2::OriginEndpoint",
        NEW,
        OPERATOR,
        "there are manifests at new addresses, which are outputs",
    ),
    _row(
        "AWS::MediaPackageV2::OriginEndpoint",
        CHANGED,
        VIEWERS,
        "playlists change; a player that stalls must be loaded again",
        "Segment",
        "HlsManifests",
        "DashManifests",
        "LowLatencyHlsManifests",
        "MssManifests",
    ),
    _row(
        "AWS::MediaPackageV2::OriginEndpoint",
        CHANGED,
        VIEWERS,
        "how far back the stream can be played changes",
        "StartoverWindowSeconds",
    ),
    _row("AWS::CloudFront::Distribution", LOST, VIEWERS, "the watch page's address ends"),
    _row(
        "AWS::CloudFront::Distribution",
        CHANGED,
        OPERATOR,
        "takes some minutes, until every edge location has it",
    ),
    _row(
        "AWS::CloudFront::Distribution",
        CHANGED,
        VIEWERS,
        "the watch page has another address, where they sign in again",
        "DistributionConfig.Aliases",
    ),
    _row(
        "AWS::CloudFront::Distribution",
        CHANGED,
        VIEWERS,
        "the countries from which they may watch change",
        "DistributionConfig.Restrictions",
    ),
    _row(
        "AWS::CloudFront::Distribution",
        CHANGED,
        VIEWERS,
        "browsers that do not know the TLS versions cannot connect",
        "DistributionConfig.ViewerCertificate",
    ),
    _row(
        "AWS::CloudFront::Distribution",
        CHANGED,
        OPERATOR,
        "another web ACL decides which requests are answered, and is charged per request",
        "DistributionConfig.WebACLId",
    ),
    _row(
        "AWS::CloudFront::PublicKey",
        LOST,
        VIEWERS,
        "cookies signed with this key are revoked: 403 until the page renews them, or longer if a "
        "wait of docs/keys.md was skipped",
    ),
    _row(
        "AWS::CloudFront::KeyGroup",
        GONE,
        VIEWERS,
        "cookies signed with its keys are revoked",
    ),
    _row(
        "Custom::SigningKeyPair",
        GONE,
        VIEWERS,
        "cookies signed with the managed keys are revoked: 403 for some minutes",
    ),
    _row(
        "Custom::SigningKeyPair",
        CHANGED,
        OPERATOR,
        "a key of the other kind takes over after the grace period; cookies stay valid",
        "Algorithm",
    ),
    _row(
        "AWS::SecretsManager::Secret",
        GONE | OTHER,
        OPERATOR,
        "what the former secret holds is deleted at once",
    ),
    _row(
        "AWS::SecretsManager::Secret",
        CHANGED,
        OPERATOR,
        "the secret has another value",
        "SecretString",
        "GenerateSecretString",
    ),
    _row(
        "AWS::KMS::Key",
        GONE | OTHER,
        OPERATOR,
        "KMS deletes the key after its waiting period, until then it can be restored",
    ),
    _row(
        "AWS::Cognito::UserPool",
        LOST,
        VIEWERS,
        "they need an account in the other user pool, and sign in again",
    ),
    _row(
        "AWS::Cognito::UserPool",
        CHANGED,
        VIEWERS,
        "new passwords must follow the new rules",
        "Policies.PasswordPolicy",
    ),
    _row(
        "AWS::Cognito::UserPool",
        CHANGED,
        VIEWERS,
        "signing in asks for other factors",
        "MfaConfiguration",
        "EnabledMfas",
        "Policies.SignInPolicy",
    ),
    _row(
        "AWS::Cognito::UserPool",
        CHANGED,
        VIEWERS,
        "mail comes from another sender, or has another text",
        "EmailConfiguration",
        "AdminCreateUserConfig.InviteMessageTemplate",
    ),
    _row(
        "AWS::Cognito::UserPool",
        CHANGED,
        OPERATOR,
        "who may create an account changes",
        "AdminCreateUserConfig.AllowAdminCreateUserOnly",
    ),
    _row("AWS::Cognito::UserPoolClient", LOST, VIEWERS, "they sign in again"),
    _row(
        "AWS::Cognito::UserPoolClient",
        CHANGED,
        VIEWERS,
        "how long they stay signed in changes, from the next sign-in on",
        "RefreshTokenValidity",
        "TokenValidityUnits",
        "RefreshTokenRotation",
    ),
    _row(
        "AWS::Cognito::UserPoolClient",
        CHANGED,
        VIEWERS,
        "they sign in at other addresses, and again if the watch page moves",
        "CallbackURLs",
    ),
    _row(
        "AWS::Cognito::UserPoolClient",
        CHANGED,
        VIEWERS,
        "the sign-in offers other identity providers",
        "SupportedIdentityProviders",
    ),
    _row(
        "AWS::Cognito::UserPoolDomain",
        LOST,
        VIEWERS,
        "the sign-in page has another address",
    ),
    _row(
        "AWS::Cognito::UserPoolDomain",
        OTHER | NEW,
        OPERATOR,
        "identity providers must know the new address of the sign-in page",
    ),
    _row(
        "AWS::Cognito::ManagedLoginBranding",
        CHANGED | OTHER,
        VIEWERS,
        "the sign-in page looks different",
    ),
    _row(
        "AWS::Cognito::UserPoolUser",
        OTHER | NEW,
        OPERATOR,
        "the address in ViewerEmail is invited by email",
    ),
    _row(
        "AWS::Cognito::UserPoolGroup",
        NEW,
        VIEWERS,
        "only members of the group watch, or of another one of the stream's",
    ),
    _row(
        "AWS::Cognito::UserPoolGroup",
        LOST,
        OPERATOR,
        "membership of the group no longer lets viewers in",
    ),
    _row(
        "AWS::Cognito::UserPoolIdentityProvider",
        NEW,
        VIEWERS,
        "they may sign in with an account at the provider",
    ),
    _row(
        "AWS::Cognito::UserPoolIdentityProvider",
        LOST,
        VIEWERS,
        "viewers who signed in with an account at the provider need another one",
    ),
    _row(
        "AWS::ApiGateway::Deployment",
        NEW,
        VIEWERS,
        "some requests of the page may fail for a few seconds; it repeats them",
    ),
    _row(
        "AWS::ApiGateway::RestApi",
        LOST,
        VIEWERS,
        "cookies cannot be renewed until CloudFront knows the other API: some minutes",
    ),
    _row(
        "AWS::S3::Bucket",
        LOST,
        OPERATOR,
        "the files stay in the former bucket; a page in it must be uploaded again",
    ),
    _row(
        "AWS::Logs::LogGroup",
        LOST,
        OPERATOR,
        "the logs until now are deleted",
    ),
    _row(
        "AWS::Logs::LogGroup",
        CHANGED,
        OPERATOR,
        "older logs are deleted, if they are kept for a shorter time",
        "RetentionInDays",
    ),
    _row(
        "AWS::WAFv2::WebACL",
        NEW | CHANGED | OTHER,
        VIEWERS,
        "requests beyond the web ACL's limits are refused",
    ),
    _row(
        "AWS::WAFv2::WebACL",
        NEW,
        OPERATOR,
        "AWS WAF is charged for the web ACL, its rules and each request",
    ),
    _row(
        "AWS::CertificateManager::Certificate",
        NEW | OTHER,
        OPERATOR,
        "the update waits until the certificate is issued",
    ),
    _row(
        "AWS::Route53::RecordSet",
        GONE | OTHER,
        VIEWERS,
        "the domain no longer leads to the stream",
    ),
    _row(
        "AWS::Scheduler::Schedule",
        NEW,
        OPERATOR,
        "the channel is started and stopped for this show, without being asked",
    ),
    _row(
        "AWS::Scheduler::Schedule",
        CHANGED | OTHER,
        OPERATOR,
        "the channel is started and stopped at other times; what is on the air now stays as it is "
        "until the next planned stop",
        "ScheduleExpression",
        "ScheduleExpressionTimezone",
    ),
    _row(
        "AWS::Scheduler::Schedule",
        GONE,
        OPERATOR,
        "the channel is no longer started and stopped for this show: one that is on the air now "
        "stays there until you stop it, or schedule.stop_after_hours does",
    ),
    _row(
        "AWS::SQS::Queue",
        LOST,
        OPERATOR,
        "messages about starts and stops that failed are lost",
    ),
    _row("AWS::Route53::RecordSet", NEW, VIEWERS, "the domain leads to the stream"),
    _row(
        "AWS::SNS::Subscription",
        NEW | OTHER,
        OPERATOR,
        "the address in AlarmEmail must be confirmed by the link in AWS's mail: until then, nobody "
        "hears of alarms",
    ),
    _row("AWS::SNS::Subscription", GONE, OPERATOR, "nobody hears of alarms any more"),
    _row(
        "AWS::SNS::Topic",
        LOST,
        OPERATOR,
        "subscriptions to the topic that were made by hand are lost",
    ),
    _row(
        "AWS::CloudWatch::Alarm",
        NEW,
        OPERATOR,
        "CloudWatch charges for each alarm, from the eleventh of the account on",
    ),
)

WITHOUT_CONSEQUENCES = frozenset(
    {
        "AWS::ApiGateway::Authorizer",
        "AWS::ApiGateway::Method",
        "AWS::ApiGateway::Resource",
        "AWS::ApiGateway::Stage",
        "AWS::CloudFront::CachePolicy",
        "AWS::CloudFront::Function",
        "AWS::CloudFront::OriginAccessControl",
        "AWS::CloudFront::ResponseHeadersPolicy",
        "AWS::CloudWatch::CompositeAlarm",
        "AWS::CloudWatch::Dashboard",
        "AWS::Cognito::UserPoolUserToGroupAttachment",
        "AWS::Events::Rule",
        "AWS::IAM::Role",
        "AWS::Lambda::EventInvokeConfig",
        "AWS::Lambda::Function",
        "AWS::Lambda::Permission",
        "AWS::Logs::Delivery",
        "AWS::Logs::DeliveryDestination",
        "AWS::Logs::DeliverySource",
        "AWS::Logs::MetricFilter",
        "AWS::MediaPackageV2::OriginEndpointPolicy",
        "AWS::S3::BucketPolicy",
        "AWS::SQS::QueuePolicy",
        "AWS::Scheduler::ScheduleGroup",
        "AWS::SNS::TopicPolicy",
        "AWS::SecretsManager::RotationSchedule",
        "AWS::WAFv2::WebACLAssociation",
        "Custom::ChannelGuard",
        "Custom::OnAir",
        "Custom::PublicKeyPem",
    }
)
"""Types whose changes neither viewers nor the operator notice, apart from what other rows say."""


@dataclass(frozen=True, kw_only=True)
class Meaning:
    """What an update means, all resources together."""

    audience: str
    text: str
    names: tuple[str, ...]
    """The resources whose changes have this consequence."""


def meanings(changes: Iterable[Change]) -> tuple[Meaning, ...]:
    """The consequences of the changes, in the table's order, each said once."""
    found: dict[tuple[str, str], list[str]] = {}
    listed = tuple(changes)
    for row in CONSEQUENCES:
        for change in filter(row.applies, listed):
            names = found.setdefault((row.audience, row.text), [])
            if change.name not in names:
                names.append(change.name)
    return tuple(
        Meaning(audience=audience, text=text, names=tuple(names))
        for (audience, text), names in found.items()
    )


def sentences(changes: Iterable[Change]) -> Iterator[tuple[str, str, str]]:
    """Audience, consequence and resources, as rows of a table; viewers come first."""
    found = sorted(meanings(changes), key=lambda one: one.audience != VIEWERS)
    for meaning in found:
        yield meaning.audience, meaning.text, ", ".join(meaning.names)


def needing_a_stop(changes: Iterable[Change]) -> tuple[str, ...]:
    """The resources whose changes the channel guard refuses while the channel runs.

    Empty if it lets the update pass: the guard compares values, so a change that CloudFormation
    lists only because of a reference does not count. Source: docs/on-air.md.
    """
    listed = tuple(changes)
    if not any(one.kind == GUARD and one.properties and _is_compared(one) for one in listed):
        return ()
    guarded = tuple(
        one.name for one in listed if one.kind in GUARDED and one.effect is not Effect.ADDED
    )
    return guarded or tuple(one.name for one in listed if one.kind == GUARD)


def _is_compared(change: Change) -> bool:
    return any(path.split(".")[0] in GUARD_COMPARES for path in change.properties)
