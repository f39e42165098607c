"""A visit to a deployed stack: what CloudFormation and CloudFront know about it."""

from collections.abc import Mapping

from protected_stream.operator.aws_errors import explained
from protected_stream.operator.deployed_stack import DeployedStack
from protected_stream.reading.stream_facts import stream_facts
from protected_stream.verify.internet import Internet
from protected_stream.verify.visit import Visit


def visit_of(stack: DeployedStack) -> Visit:
    """A stranger's visit.

    Raises:
        AwsError: AWS refuses, or the stack is from another program.
    """
    return Visit(
        fetch=Internet(),
        outputs=stack.outputs,
        facts=stream_facts(stack.template),
        origins=_origins(stack),
        client=stack.connection.client,
    )


def _origins(stack: DeployedStack) -> Mapping[str, str]:
    """The origins' host names, by ID."""
    client = stack.connection.client("cloudfront")
    with explained("read the configuration of the distribution"):
        found = client.get_distribution_config(Id=stack.outputs["DistributionId"])
    return {one["Id"]: one["DomainName"] for one in found["DistributionConfig"]["Origins"]["Items"]}
