"""Cognito sign-in without a password, and threat protection."""

from typing import Literal, Self

from pydantic import Field, model_validator
from troposphere import NoValue, Ref, cognito

from protected_stream.sections.viewers.mail import MailOptions
from protected_stream.template.options import is_unset
from protected_stream.template.section import Note

THREAT_MODES = {"audit": "AUDIT", "enforced": "ENFORCED"}


class FactorOptions(MailOptions):
    """How viewers prove who they are."""

    mfa: Literal["off", "optional", "required"] = Field(
        default="off",
        description="an authenticator app as a second factor; `optional` asks only viewers who "
        "registered an app through Cognito's API, as the sign-in page does not offer that",
    )
    passkeys: bool = Field(
        default=False,
        exclude_if=is_unset,
        description="whether viewers may sign in with a passkey, which they register after their "
        'first sign-in; not with mfa = "required"',
    )
    email_codes: bool = Field(
        default=False,
        exclude_if=is_unset,
        description="whether viewers may sign in with a code that they get by mail; requires "
        '`email_from`; not with mfa = "required"',
    )
    threat_protection: Literal["off", "audit", "enforced"] = Field(
        default="off",
        exclude_if=lambda mode: mode == "off",
        description="Cognito's threat protection: `audit` only records risks, `enforced` also "
        "blocks sign-ins; requires Cognito's plan Plus, which is charged for every viewer",
    )

    @model_validator(mode="after")
    def _one_factor_is_enough(self) -> Self:
        """A passkey or a code by mail is one factor.

        Source: Amazon Cognito API Reference, SignInPolicyType and WebAuthnConfigurationType.
        """
        for name in ("passkeys", "email_codes"):
            if getattr(self, name) and self.mfa == "required":
                raise ValueError(
                    f'{name} = true is one factor, and mfa = "required" asks for two: change one'
                )
        if self.email_codes and not self.email_from:
            raise ValueError("email_codes requires email_from: name the sender")
        return self


def tier(options: FactorOptions) -> str:
    """Source: Amazon Cognito Developer Guide, "User pool feature plans"."""
    return "ESSENTIALS" if options.threat_protection == "off" else "PLUS"


def threat_protection(options: FactorOptions) -> cognito.UserPoolAddOns | Ref:
    """Source: Amazon Cognito Developer Guide, "Advanced security with threat protection"."""
    mode = THREAT_MODES.get(options.threat_protection)
    return cognito.UserPoolAddOns(AdvancedSecurityMode=mode) if mode else NoValue


def sign_in_policy(options: FactorOptions) -> cognito.SignInPolicy | Ref:
    """Passwords stay: invited viewers need theirs for the first sign-in."""
    more = {"WEB_AUTHN": options.passkeys, "EMAIL_OTP": options.email_codes}
    allowed = [factor for factor, is_allowed in more.items() if is_allowed]
    if not allowed:
        return NoValue
    return cognito.SignInPolicy(AllowedFirstAuthFactors=["PASSWORD", *allowed])


def user_verification(options: FactorOptions) -> str | Ref:
    """The relying party is not named: CloudFormation takes 63 characters, and the host has more.

    Cognito then takes the host of the pool's domain.
    """
    return "required" if options.passkeys else NoValue


def factor_notes(options: FactorOptions) -> tuple[Note, ...]:
    """What a plan costs."""
    if options.threat_protection == "off":
        return ()
    return (
        Note(
            "charged",
            "Cognito's plan Plus, for every viewer who signs in within a month, without a free "
            "tier (viewers.threat_protection)",
        ),
    )
