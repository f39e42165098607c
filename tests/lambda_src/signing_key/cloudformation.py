"""Simulated CloudFormation, Secrets Manager and Lambda for the signing key function."""

import contextlib
import functools
import json
import os
import socket
import ssl
import struct
import threading
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import boto3
import trustme

from preview.services.aws.aws_error import AwsError
from preview.services.aws.moto_secrets import begin_rotation, end_rotation, pending_version
from shared import inline_custom_resource
from shared.key_ring import KeyRing, SigningKey
from signing_key import app
from tests.lambda_src.shared.simulated_time import Clock, Context
from tests.lambda_src.signing_key.aws_account import Account, Crash

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

Answer = dict[str, Any]
Event = dict[str, Any]

TIMEOUT = 600
GRACE_SECONDS = 900
LONGEST_SILENCE = 5  # seconds; anything that waits longer has no timeout
SERVICE_TIMEOUT = 1500
SIGNATURE = "5a9c0ffee1d2b3a4958677f0e1d2c3b4a5968778695a4b3c2d1e0f9182736455"
NAME = "cookies-us-east-1-1a2b3c4d"

STEPS = ("createSecret", "setSecret", "testSecret", "finishSecret")
TOKEN = "00000000-0000-4000-8000-000000000001"  # the ID of a secret's version

# Lambda's pauses before it retries an asynchronous event
# https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
RETRY_PAUSES = (60, 120)


@dataclass(kw_only=True)
class ResponseUrl:
    """The presigned URL: accepts a PUT without a content type, as S3 does, unless scripted."""

    address: str = ""
    script: list[str] = field(default_factory=list)
    """How the next requests are handled: "500", "reset", "silent"; then all are accepted."""
    answers: list[Answer] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)
    tries: int = 0
    released: threading.Event = field(default_factory=threading.Event)

    def forget(self) -> None:
        """Reset to the initial state."""
        self.released.set()
        self.released = threading.Event()
        self.script, self.answers, self.bodies, self.headers, self.tries = [], [], [], [], 0

    def taken(self) -> list[Answer]:
        """The responses since the last call."""
        answers, self.answers = self.answers, []
        return answers


class _S3(BaseHTTPRequestHandler):
    server: "_Server"

    def do_PUT(self) -> None:
        inbox = self.server.inbox
        released = inbox.released
        body = self.rfile.read(int(self.headers["Content-Length"]))
        inbox.tries += 1
        what = inbox.script.pop(0) if inbox.script else "accept"
        if what == "reset":
            self._reset()
        elif what == "silent" and released.wait(LONGEST_SILENCE):
            self.close_connection = True
        elif what in ("accept", "silent") and self._is_signed(body):
            inbox.bodies.append(body)
            inbox.headers.append(dict(self.headers))
            inbox.answers.append(json.loads(body))
            self._end(200)
        else:
            self._end(403 if what == "accept" else int(what))

    def _is_signed(self, body: bytes) -> bool:
        """Whether S3 would accept it: the signature covers the content type, which is empty."""
        return self.headers["Content-Type"] == "" and SIGNATURE in self.path and len(body) <= 4096

    def _end(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _reset(self) -> None:
        now = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, now)
        self.connection.close()
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    inbox: ResponseUrl


@functools.cache
def _authority() -> trustme.CA:
    return trustme.CA()


@functools.cache
def _certificate() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    _authority().issue_cert("127.0.0.1").configure_cert(context)
    return context


@contextlib.contextmanager
def trusted_response_url() -> Iterator[None]:
    """HTTPS clients trust the certificate of the ResponseURL while the context is open."""
    with (
        _authority().cert_pem.tempfile() as file,
        patch.dict(os.environ, {"SSL_CERT_FILE": file}),
    ):
        yield


@contextlib.contextmanager
def response_url() -> Iterator[ResponseUrl]:
    """A ResponseURL on the loopback interface, for clients with `trusted_response_url`."""
    with _Server(("127.0.0.1", 0), _S3) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        server.socket = _certificate().wrap_socket(server.socket, server_side=True)
        place = f"https://127.0.0.1:{server.server_port}/arn%3Aaws%3Acloudformation/SigningKeyPair"
        server.inbox = ResponseUrl(address=f"{place}?X-Amz-Signature={SIGNATURE}")
        yield server.inbox
        server.inbox.forget()
        server.shutdown()
        thread.join()


@functools.cache
def _secrets_manager() -> "SecretsManagerClient":
    return boto3.client("secretsmanager", region_name="us-east-1")


@dataclass(kw_only=True)
class Stack:
    """A stack with a `Custom::SigningKeyPair`, and the Lambda service that runs its function."""

    account: Account
    clock: Clock
    url: ResponseUrl
    name: str = NAME
    algorithm: str = "ecdsa-p256"
    secret_arn: str = ""
    timeout: float = TIMEOUT
    longest_run: float = 0
    """The duration of the longest run, in seconds."""

    def __post_init__(self) -> None:
        """Create the secret, without a value."""
        parameters = {"Name": str(uuid.uuid4())}
        self.secret_arn = self.account.moto(_secrets_manager(), "CreateSecret", parameters)["ARN"]

    @property
    def id(self) -> str:
        """The stack's ARN."""
        return f"arn:aws:cloudformation:us-east-1:123456789012:stack/live/{self.name}"

    def event(self, request_type: str, physical_id: str | None = None, **other: Any) -> Event:
        """A request as CloudFormation sends it."""
        event: Event = {
            "RequestType": request_type,
            "ResponseURL": self.url.address,
            "StackId": self.id,
            "RequestId": str(uuid.uuid4()),
            "ResourceType": "Custom::SigningKeyPair",
            "LogicalResourceId": "SigningKeyPair",
            "ResourceProperties": {
                "ServiceToken": "arn:aws:lambda:us-east-1:123456789012:function:live-SigningKey",
                "ServiceTimeout": str(SERVICE_TIMEOUT),
                "Algorithm": self.algorithm,
            },
        }
        return event | ({"PhysicalResourceId": physical_id} if physical_id else {}) | other

    def run(self, event: object) -> list[Answer]:
        """Run the function once; return the responses that arrived."""
        self.run_for_a_person(event)
        return self.url.taken()

    def run_for_a_person(self, event: object) -> str | None:
        """Run the function once in its environment; return its result."""
        began = self.clock.now
        context = Context(self.clock, self.timeout)
        variables = {
            "STACK_ID": self.id,
            "SECRET_ARN": self.secret_arn,
            "NAME": self.name,
            "GRACE_SECONDS": str(GRACE_SECONDS),
        }
        # the response is retried with pauses
        time = SimpleNamespace(time=self.clock, sleep=self.clock.sleep)
        with (
            patch.dict(os.environ, variables),
            patch.object(inline_custom_resource, "time", time),
        ):
            try:
                return app.serve(event, context, clock=self.clock, sleep=self.clock.sleep)
            finally:
                self.longest_run = max(self.longest_run, self.clock.now - began)

    def request(self, request_type: str, physical_id: str | None = None, **other: Any) -> Answer:
        """The only response to a request."""
        (answer,) = self.run(self.event(request_type, physical_id, **other))
        return answer

    def lambda_runs(self, event: Event) -> list[Answer]:
        """Run the event; retry a run that crashes, at most twice."""
        for pause in (*RETRY_PAUSES, 0):
            try:
                return self.run(event)
            except Crash:
                assert self.url.taken() == []
                self.clock.sleep(pause)
        return []

    def step(self, name: str, token: str = TOKEN) -> None:
        """Secrets Manager calls one step of a rotation."""
        self.run({"Step": name, "SecretId": self.secret_arn, "ClientRequestToken": token})

    def rotate(self, token: str = TOKEN) -> None:
        """Someone calls RotateSecret, and Secrets Manager calls the four steps."""
        begin_rotation(self.secret_arn, token)
        for name in STEPS:
            self.step(name, token)
        end_rotation(self.secret_arn, token)

    def rotate_or_reattempt(self, token: str = TOKEN) -> None:
        """Someone calls RotateSecret, which reattempts a rotation that is not complete.

        https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html
        """
        try:
            self.rotate(token)
        except AwsError:
            pending = pending_version(self.secret_arn)
            assert pending
            for name in STEPS:
                self.step(name, pending)
            end_rotation(self.secret_arn, pending)

    def create(self) -> str:
        """Create the key pair; return the key group's ID."""
        answer = self.request("Create")
        assert answer["Status"] == "SUCCESS", answer["Reason"]
        group_id = answer["Data"]["KeyGroupId"]
        assert isinstance(group_id, str)
        return group_id

    @property
    def value(self) -> str | None:
        """The secret's current value."""
        client = _secrets_manager()
        try:
            secret = self.account.moto(client, "GetSecretValue", {"SecretId": self.secret_arn})
        except client.exceptions.ResourceNotFoundException:
            return None
        return str(secret["SecretString"])

    @property
    def version_id(self) -> str:
        """The ID of the secret's current version."""
        parameters = {"SecretId": self.secret_arn}
        answer = self.account.moto(_secrets_manager(), "GetSecretValue", parameters)
        return str(answer["VersionId"])

    @property
    def ring(self) -> KeyRing:
        """The ring in the secret."""
        assert self.value is not None
        return KeyRing.from_json(self.value)

    def put(self, value: str | bytes, **version: Any) -> None:
        """Someone writes a value to the secret."""
        kind = "SecretString" if isinstance(value, str) else "SecretBinary"
        parameters = {"SecretId": self.secret_arn, kind: value, **version}
        self.account.moto(_secrets_manager(), "PutSecretValue", parameters)

    def move_current_to(self, version_id: str) -> None:
        """Someone makes another version of the secret current."""
        label = {"VersionStage": "AWSCURRENT", "RemoveFromVersionId": self.version_id}
        parameters = {"SecretId": self.secret_arn, "MoveToVersionId": version_id, **label}
        self.account.moto(_secrets_manager(), "UpdateSecretVersionStage", parameters)

    def put_keys(self, *keys: SigningKey) -> None:
        """Someone puts other keys into the ring."""
        self.put(replace(self.ring, keys=keys).to_json())

    def forget_ids(self) -> None:
        """Restore the ring to what it was before the keys were in CloudFront."""
        ring = self.ring
        keys = tuple(replace(key, key_pair_id=None) for key in ring.keys)
        self.put(KeyRing(keys=keys, key_group_id=None).to_json())
