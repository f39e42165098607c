"""Age of the signing key: a function that writes it each day, as no metric of AWS has it."""

from collections.abc import Iterable
from dataclasses import dataclass

from awacs import secretsmanager as may_secrets
from awacs.aws import Allow, Statement
from troposphere import awslambda, events

from protected_stream.sections.alarms.rows import own_namespace
from protected_stream.sections.signing import Signing
from protected_stream.sections.signing.interface import Rotation
from protected_stream.template.functions import Functions
from protected_stream.template.metadata import why
from protected_stream.template.section import Section

FUNCTION = "SigningKeyAgeFunction"
EVERY = "rate(1 day)"
SECONDS, MEBIBYTES = 60, 256
LATE_DAYS = 2
"""By how many days a key may be older than its rotation interval.

Secrets Manager rotates at any time of the day that is due, so up to a day later than the interval,
and repeats a rotation that fails. The second day is for that, and for the new key's grace period.

Sources: AWS Secrets Manager API Reference, RotationRulesType and DescribeSecret, NextRotationDate.
"""


@dataclass(frozen=True, kw_only=True)
class KeyAge(Section):
    """The function that tells the key's age; an empty section if nothing rotates the key."""

    most_days: int = 0
    """From this age on, a rotation is missing."""


def key_age(parts: Iterable[Section], functions: Functions) -> KeyAge:
    """The function and its schedule, if Secrets Manager rotates the key.

    Args:
        parts: the stack's other sections, one of which is the key's.
        functions: creates the function.
    """
    for one in parts:
        if isinstance(one, Signing) and one.rotation:
            return _key_age(one.rotation, functions)
    return KeyAge(source="alarms")


def _key_age(rotation: Rotation, functions: Functions) -> KeyAge:
    """Without a retry setting: Lambda's own two retries come minutes later, and do no harm."""
    made = functions.function(
        FUNCTION,
        "signing_key_age",
        reason="a rotation that never begins fails nowhere",
        environment={"SECRET_ARN": rotation.secret.ref(), "NAMESPACE": own_namespace()},
        statements=[
            Statement(
                Effect=Allow,
                Action=[may_secrets.ListSecretVersionIds],
                Resource=[rotation.secret.ref()],
            )
        ],
        timeout=SECONDS,
        memory=MEBIBYTES,
    )
    rule = events.Rule(
        "SigningKeyAgeSchedule",
        Metadata=why("tells the key's age once a day"),
        ScheduleExpression=EVERY,
        Targets=[events.Target(Id="age", Arn=made.function.get_att("Arn"))],
    )
    permission = awslambda.Permission(
        "SigningKeyAgeInvokePermission",
        Action="lambda:InvokeFunction",
        FunctionName=made.function.ref(),
        Principal="events.amazonaws.com",
        SourceArn=rule.get_att("Arn"),
    )
    return KeyAge(
        source="alarms",
        resources=(*made.resources, rule, permission),
        code=(made.code,),
        most_days=rotation.days + LATE_DAYS,
    )
