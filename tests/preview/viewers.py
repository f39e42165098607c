"""Viewers who watch for days: each renews cookies when the page would, and uses random edges."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from preview.account import Account
from tests.preview.late_edges import LateEdges

KEY_PAIR_ID = "CloudFront-Key-Pair-Id="


@dataclass(frozen=True)
class Cookies:
    """Signed cookies, as issued."""

    header: str
    key_pair_id: str
    handed_out: float
    expires: float


@dataclass
class Viewer:
    """One signed-in viewer."""

    joins_at: float
    """Epoch seconds."""
    renew_at: float = 0
    cookies: Cookies | None = None


@dataclass(kw_only=True)
class Viewers:
    """The viewers of a stack's stream."""

    account: Account
    outputs: dict[str, str]
    edges: LateEdges
    viewers: Sequence[Viewer]
    handed_out: set[Cookies] = field(default_factory=set)
    asked: int = 0

    def watch(self, seconds: float, *, step: float) -> None:
        """Skips time; at each step, every viewer requests the manifest from an edge."""
        end = self.account.clock.now() + seconds
        while self.account.clock.now() < end:
            self.account.clock.skip(min(step, end - self.account.clock.now()))
            for viewer in self.viewers:
                if viewer.joins_at <= self.account.clock.now():
                    self.look(viewer)

    def look(self, viewer: Viewer) -> None:
        """Renews the cookies if they are due, and requests the manifest from a random edge."""
        if viewer.cookies is None or viewer.renew_at <= self.account.clock.now():
            viewer.cookies, viewer.renew_at = self._renewed()
        self.asked += 1
        status = self.status(viewer.cookies)
        assert status == 200, f"{viewer.cookies.key_pair_id}: {status} at request {self.asked}"

    def status(self, cookies: Cookies) -> int:
        """The status from a random edge."""
        request = self.request(cookies)
        return self.edges.any().answer(request).status_code

    def request(self, cookies: Cookies) -> Request:
        """A request for the HLS multivariant playlist."""
        host, _, path = self.outputs["HlsManifest"].removeprefix("https://").partition("/")
        builder = EnvironBuilder(
            path=f"/{path}", base_url=f"https://{host}", headers=[("Cookie", cookies.header)]
        )
        return Request(builder.get_environ())

    def refused_too_early(self) -> list[Cookies]:
        """Cookies that an edge would reject before they expire."""
        return [
            cookies
            for cookies in self.handed_out
            if not self.edges.trust_throughout(
                cookies.key_pair_id, since=cookies.handed_out, until=cookies.expires
            )
        ]

    def renewed(self) -> Cookies:
        """New cookies for a new viewer."""
        return self._renewed()[0]

    def _renewed(self) -> tuple[Cookies, float]:
        (function,) = [
            one.attributes["Arn"]
            for one in self.account.resources.of_type("AWS::Lambda::Function")
            if one.logical_id in ("CookiesFunction", "CookiesByKmsFunction")
        ]
        claims = {"token_use": "access", "client_id": self.outputs["UserPoolClientId"]}
        answer = self.account.run(
            function,
            {
                "httpMethod": "GET",
                "path": "/cookies",
                "requestContext": {"authorizer": {"claims": claims}},
            },
        )
        assert answer["statusCode"] == 200, answer["body"]
        pairs = [line.partition(";")[0] for line in answer["multiValueHeaders"]["Set-Cookie"]]
        body = json.loads(answer["body"])
        cookies = Cookies(
            header="; ".join(pairs),
            key_pair_id=next(
                pair.removeprefix(KEY_PAIR_ID) for pair in pairs if pair.startswith(KEY_PAIR_ID)
            ),
            handed_out=self.account.clock.now(),
            expires=body["expires"],
        )
        self.handed_out.add(cookies)
        return cookies, body["renewAfter"]
