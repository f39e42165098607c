"""KMS key of the operator's that encrypts a password or passphrase."""

from troposphere import Parameter


def own_key(title: str, what: str) -> Parameter:
    """The parameter for the key's ARN.

    Args:
        title: its name.
        what: what the key encrypts, such as "the secret".
    """
    return Parameter(
        title,
        Type="String",
        AllowedPattern=r"^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$",
        ConstraintDescription="must be the ARN of a KMS key",
        Description=f"ARN of the KMS key that encrypts {what}.",
    )
