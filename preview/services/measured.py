"""CloudWatch: a value of a metric."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Measured:
    """A value, in the metric's unit."""

    namespace: str
    metric: str
    value: float
    dimensions: Mapping[str, str]
