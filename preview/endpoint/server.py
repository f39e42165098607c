"""HTTP server that answers AWS API calls of real clients: boto3, the AWS CLI, our own commands.

It tells services apart by the credential scope of the Authorization header. A request without an
access key is refused; signatures are not verified.
"""

from collections.abc import Iterable
from io import BytesIO
from typing import TYPE_CHECKING, Self

from moto.core.request import Request
from werkzeug.wrappers import Response

from preview.account import Account
from preview.endpoint.actions import ACTIONS
from preview.endpoint.desk import Desk, Surroundings
from preview.endpoint.protocol import Call, answer, call_of, code_in_protocol
from preview.local.http_server import serve
from preview.services.aws.aws_error import AwsError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

ACCESS_KEY = "AKIAPREVIEW000000000"
# https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/CommonErrors.html ; the others
# as Smithy's protocols name them
UNKNOWN_ACTION = {
    "query": "InvalidAction",
    "rest-xml": "InvalidAction",
    "": "UnknownOperationException",
}
WRONG_REGION = {
    "query": "SignatureDoesNotMatch",
    "rest-xml": "SignatureDoesNotMatch",
    "": "InvalidSignatureException",
}
ANY_REGION = ("cloudfront", "pricing-plan-manager", "s3", "sts")
"""Services with a global endpoint, or whose resources are found from any Region."""
NO_ACCESS_KEY = {
    "query": "MissingAuthenticationToken",
    "rest-xml": "MissingAuthenticationToken",
    "": "MissingAuthenticationTokenException",
}


class Endpoint:
    """Serves an account's AWS API while the context is open."""

    def __init__(
        self,
        account: Account,
        surroundings: Surroundings | None = None,
        *,
        seconds_per_look: float = 0,
        longest_look: float = 0,
    ) -> None:
        """Starts listening on a free port of this machine.

        Args:
            account: the account, without a stack yet.
            surroundings: what others do around a deployment; by default, nothing.
            seconds_per_look: how much of the account's time passes before each DescribeChannel,
                so that a client that waits for a channel need not wait in real time.
            longest_look: for how many seconds DescribeStacks waits for the end of an operation, so
                that a client that looks every 30 seconds need not look twice.
        """
        self.desk = Desk(account, surroundings or Surroundings())
        self.called: set[tuple[str, str]] = set()
        """The services and actions that were called and answered."""
        self._account = account
        self._seconds_per_look, self._longest_look = seconds_per_look, longest_look
        self._server = serve(self._application)
        self.url = f"http://127.0.0.1:{self._server.port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.desk.stacks.wait()
        self._server.close()

    def environment(self) -> dict[str, str]:
        """The environment variables of a client."""
        return {
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_DEFAULT_REGION": self._account.stack.region,
            "AWS_ENDPOINT_URL": self.url,
            "AWS_REGION": self._account.stack.region,
            "AWS_SECRET_ACCESS_KEY": "of-the-preview",
        }

    def _application(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        request = Request(environ)
        body = request.get_data()
        environ["wsgi.input"] = BytesIO(body)
        environ["CONTENT_LENGTH"] = str(len(body))
        access_key, call = call_of(request)
        refusal = self._refusal(access_key, call)
        if refusal is not None:
            return refusal(environ, start)
        self.called.add((call.service, call.action))
        self._let_time_pass(call.action)
        act = ACTIONS[call.service][call.action]
        if act is None:
            return self._account.aws.services(environ, start)
        try:
            response = answer(call, act(self.desk, call.parameters))
        except AwsError as error:
            response = answer(call, error)
        return response(environ, start)

    def _refusal(self, access_key: str, call: Call) -> Response | None:
        """The error for a call that is not in the table, or not by a client of this account."""
        if not access_key:
            code = code_in_protocol(call, NO_ACCESS_KEY)
            return answer(call, AwsError(code, "Request is missing Authentication Token"), 403)
        if call.action not in ACTIONS.get(call.service, {}):
            return _unknown(call)
        if call.service not in ANY_REGION and call.region != self._account.stack.region:
            return self._elsewhere(call)
        return None

    def _let_time_pass(self, action: str) -> None:
        """What a client waits for comes sooner, if asked for."""
        if self._seconds_per_look and action == "DescribeChannel":
            with self.desk.stacks.between_operations() as is_free:
                if is_free:
                    self._account.events.pass_time(self._seconds_per_look)
        if self._longest_look and action == "DescribeStacks":
            self.desk.stacks.wait(self._longest_look)

    def _elsewhere(self, call: Call) -> Response:
        """The error for a client with another Region than the account's."""
        said = (
            f"Credential should be scoped to a valid region, not '{call.region}': the preview's"
            f" account is in {self._account.stack.region}; set AWS_REGION and AWS_DEFAULT_REGION."
        )
        return answer(call, AwsError(code_in_protocol(call, WRONG_REGION), said), 403)


def _unknown(call: Call) -> Response:
    """The service's own error for an action that it does not have.

    S3: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
    """
    action = call.action or call.request.values.get("Action") or call.request.path
    said = f"The preview does not answer {action} of {call.service or 'an unnamed service'}."
    if call.service == "s3":
        return answer(call, AwsError("NotImplemented", said), 501)
    return answer(call, AwsError(code_in_protocol(call, UNKNOWN_ACTION), said))
