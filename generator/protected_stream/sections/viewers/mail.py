"""Cognito mail: who sends it, and the text of the invitation."""

import re
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, model_validator
from troposphere import NoValue, Parameter, Ref, cognito

from protected_stream.template.options import Options, is_unset
from protected_stream.template.section import LabelledParameter, Note
from protected_stream.template.validation_errors import shown

ADDRESS = r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+"
# Signs and letters beyond ASCII would need encoding (RFC 5322, 3.2.3; RFC 2047)
SENDER = rf"{ADDRESS}|[A-Za-z0-9' -]{{1,100}} <{ADDRESS}>"
USER, PASSWORD = "{username}", "{####}"


def _sender(text: str) -> str:
    if text and not re.fullmatch(SENDER, text):
        raise ValueError(
            'must be an address, such as "tickets@example.com", or "Show <tickets@example.com>", '
            f"with letters, digits, spaces, ' and - in the name; got {shown(text)}"
        )
    return text


class MailOptions(Options):
    """Mail of a user pool of the stack."""

    email_from: Annotated[str, AfterValidator(_sender)] = Field(
        default="",
        exclude_if=is_unset,
        json_schema_extra={"pattern": f"^({SENDER})?$"},
        description="sender of the mail, by Amazon SES: an address of a verified identity; empty: "
        "Cognito's own sender, which sends about 50 mails a day",
    )
    self_sign_up: bool = Field(
        default=False,
        exclude_if=is_unset,
        description="whether viewers create their accounts themselves, on the sign-in page, with a "
        "code that they get by mail; requires `email_from`",
    )
    invitation_subject: str = Field(
        default="",
        max_length=140,
        exclude_if=is_unset,
        description="subject of the invitation; empty: Cognito's; requires `email_from`",
    )
    invitation_text: str = Field(
        default="",
        max_length=20_000,
        exclude_if=is_unset,
        description=f"text of the invitation, with {USER} for the address and {PASSWORD} for the "
        "temporary password; may be HTML; empty: Cognito's; requires `email_from`",
    )

    @model_validator(mode="after")
    def _mail_has_what_it_needs(self) -> Self:
        """Own texts require that EmailSendingAccount is DEVELOPER.

        Source: Amazon Cognito API Reference, MessageTemplateType and AdminCreateUserConfigType.
        """
        for name in NEED_SENDER:
            if getattr(self, name) and not self.email_from:
                raise ValueError(f"{name} requires email_from: name the sender, or leave it out")
        text = self.invitation_text
        if text and not (USER in text and PASSWORD in text):
            raise ValueError(f"invitation_text must have {USER} and {PASSWORD}")
        return self


DAILY = "Cognito's own sender sends about 50 a day"
IDENTITY = "SesIdentityArn"
NEED_SENDER = ("self_sign_up", "invitation_subject", "invitation_text")


def email_configuration(options: MailOptions) -> cognito.EmailConfiguration | Ref:
    """Source: Amazon Cognito Developer Guide, "Email settings for Amazon Cognito user pools"."""
    if not options.email_from:
        return NoValue
    return cognito.EmailConfiguration(
        EmailSendingAccount="DEVELOPER",
        SourceArn=Ref(IDENTITY),
        From=options.email_from,
    )


def invitation(options: MailOptions) -> dict[str, Any]:
    """The invitation, as far as it is not Cognito's."""
    own = {"EmailSubject": options.invitation_subject, "EmailMessage": options.invitation_text}
    named = {name: text for name, text in own.items() if text}
    template = cognito.InviteMessageTemplate(**named) if named else None
    return {"InviteMessageTemplate": template} if template else {}


def mail_parameters(options: MailOptions) -> tuple[LabelledParameter, ...]:
    """What is asked for the sender."""
    if not options.email_from:
        return ()
    return (LabelledParameter("SES identity that sends the mail", _ses_identity()),)


def mail_notes(options: MailOptions) -> tuple[Note, ...]:
    """What the operator must do for mail.

    Source: Amazon Cognito Developer Guide, "Quotas in Amazon Cognito" (emails sent daily); Amazon
    SES Developer Guide, "Request production access".
    """
    if not options.email_from:
        return (
            Note(
                "mail", "Cognito's own sender sends about 50 a day; viewers.email_from lifts that"
            ),
        )
    sandbox = "verify the sender in SES, and leave its sandbox: until then, only verified addresses"
    everybody = "everybody with an e-mail address may watch, unless viewers.groups says otherwise"
    return (
        Note("mail", f"{sandbox} get mail"),
        *((Note("sign-up", everybody),) if options.self_sign_up else ()),
    )


def _ses_identity() -> Parameter:
    return Parameter(
        IDENTITY,
        Type="String",
        AllowedPattern=r"^arn:aws:ses:[a-z0-9-]+:[0-9]{12}:identity/[A-Za-z0-9._%+@-]+$",
        ConstraintDescription="must be the ARN of an identity in Amazon SES",
        Description="ARN of the verified SES identity (address or domain) that sends the mail, in "
        "this Region or another one that Cognito accepts.",
    )
