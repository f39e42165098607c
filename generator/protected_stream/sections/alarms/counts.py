"""CloudWatch Logs metric filters: metrics from lines that the functions write in any case."""

from collections.abc import Iterator

from troposphere import Ref, logs

from protected_stream.sections.alarms.rows import own_namespace
from protected_stream.sections.alarms.table import COUNTED
from protected_stream.sections.alarms.watched import KINDS, Parts
from protected_stream.template.metadata import why

GUARD = "ChannelGuardFunction"


def counts(parts: Parts) -> Iterator[logs.MetricFilter]:
    """The filters on the logs of the functions that the stack has."""
    writers = {
        "signer's log": parts.signer.title,
        "guard's log": GUARD,
        "guard's log of shows": GUARD,
    }
    for name, (watches, pattern) in COUNTED.items():
        if any(True for _ in KINDS[watches](parts)):
            yield logs.MetricFilter(
                f"{name}Count",
                Metadata=why("counts lines of the function's log"),
                LogGroupName=Ref(f"{writers[watches]}Log"),
                FilterPattern=pattern,
                MetricTransformations=[
                    logs.MetricTransformation(
                        MetricName=name, MetricNamespace=own_namespace(), MetricValue="1"
                    )
                ],
            )
