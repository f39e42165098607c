"""Cognito sign-up: users who create their accounts themselves, and confirm them with a code.

https://docs.aws.amazon.com/cognito/latest/developerguide/signing-up-users-in-your-app.html
"""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from moto.cognitoidp.exceptions import InvalidPasswordException, UsernameExistsException
from moto.cognitoidp.models import CognitoIdpUser, CognitoIdpUserPool

from preview.resource import Resource

UNCONFIRMED, CONFIRMED = "UNCONFIRMED", "CONFIRMED"
DIGITS = 6


class Refused(Exception):
    """The account cannot be created; the text is for the user."""


@dataclass(kw_only=True)
class SignUps:
    """The accounts that users of a pool create."""

    pool: Resource
    moto_pool: CognitoIdpUserPool
    mailbox: dict[str, str] = field(default_factory=dict)
    """What was mailed last, by address."""
    _codes: dict[str, str] = field(default_factory=dict)
    """The codes that are not used yet, by username."""

    @property
    def are_open(self) -> bool:
        """Whether users may sign up.

        https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminCreateUserConfigType.html
        """
        config = self.pool.properties.get("AdminCreateUserConfig", {})
        return config.get("AllowAdminCreateUserOnly") in (False, "false")

    def begin(self, client_id: str, form: Mapping[str, str]) -> CognitoIdpUser:
        """The new user, who is not confirmed.

        Raises:
            Refused: the address has an account, or the password is not accepted.
        """
        password = form.get("new_password", "")
        if password != form.get("confirm_password"):
            raise Refused("Passwords do not match.")
        try:
            user, _ = self.moto_pool.backend.sign_up(
                client_id, form.get("username", ""), password, attributes=[]
            )
        except InvalidPasswordException as error:
            raise Refused(str(error.message)) from None
        except UsernameExistsException:
            raise Refused("An account with the given email already exists.") from None
        return user

    def send_code(self, user: CognitoIdpUser) -> None:
        """Mails a new code."""
        code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        self._codes[user.username] = code
        self.mailbox[user.attribute_lookup["email"]] = code

    def confirms(self, user: CognitoIdpUser, code: str) -> bool:
        """Whether the code is the one that was mailed; the user is then confirmed."""
        sent = self._codes.get(user.username, "")
        if not sent or not hmac.compare_digest(sent.encode(), code.encode()):
            return False
        del self._codes[user.username]
        user.status = CONFIRMED
        user.update_attributes([{"Name": "email_verified", "Value": "true"}])
        return True
