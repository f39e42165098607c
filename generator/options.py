"""What the tables of stream.toml have in common."""

from pydantic import BaseModel, ConfigDict


class Options(BaseModel):
    """One table of stream.toml: frozen, closed to unknown keys, and without conversions."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
