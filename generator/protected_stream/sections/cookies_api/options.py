"""The table `api` of stream.toml."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from protected_stream.sections.cookies_api.token_header import HEADER, sendable
from protected_stream.template.options import Options, is_unset


class ApiOptions(Options):
    """What the API answers, to whom, and what it logs."""

    requests_per_second: int = Field(
        default=200, ge=1, le=10_000, description="for each method of the API, all viewers together"
    )
    burst: int = Field(
        default=400,
        ge=1,
        le=5_000,
        description="requests for a method that may come in the same moment; at least half of the "
        "rate",
    )
    token_header: Annotated[str, AfterValidator(sendable)] = Field(
        default="Authorization",
        json_schema_extra={"pattern": f"^{HEADER}$"},
        description="the header in which the page sends the viewer's token; the post uses `Auth`",
    )
    direct_address: Literal["open", "closed"] = Field(
        default="open",
        exclude_if=lambda choice: choice == "open",
        description="closed: AWS WAF refuses requests for the API that do not come through the "
        "distribution, which sends a secret header",
    )
    access_logs: bool = Field(
        default=False, description="requires API Gateway's logging role in the account and Region"
    )
    log_viewers: bool = Field(
        default=False,
        exclude_if=is_unset,
        description="the access logs name the viewer of each request by the `sub` of the user "
        "pool, which is personal data; requires access_logs",
    )
    execution_logs: Literal["off", "errors", "all"] = Field(
        default="off",
        exclude_if=lambda choice: choice == "off",
        description="logs of what API Gateway does with a request, without headers and bodies, "
        "for finding errors; requires API Gateway's logging role in the account and Region",
    )
    tracing: bool = Field(
        default=False,
        exclude_if=is_unset,
        description="AWS X-Ray traces of the API and of the function that signs cookies",
    )
    cookies_in_body: bool = Field(
        default=False,
        exclude_if=is_unset,
        description="`GET /api/cookies` returns the cookies in its body, too, for players that set "
        "them themselves; a script in the page could read them then",
    )

    @model_validator(mode="after")
    def _viewers_are_in_the_access_logs(self) -> "ApiOptions":
        if self.log_viewers and not self.access_logs:
            raise ValueError(
                "log_viewers needs access_logs, which is off: set access_logs = true, or leave "
                "log_viewers out"
            )
        return self
