"""CloudFormation stack statuses in which a stack cannot be deployed, and what to do.

Source: AWS CloudFormation User Guide, "Stack status codes" and "Troubleshooting CloudFormation".
"""

from collections.abc import Mapping

DELETE = "`protected-stream destroy` deletes it"
OBSTACLES: Mapping[str, str] = {
    "CREATE_FAILED": f"its creation failed, so it can only be deleted: {DELETE}",
    "DELETE_FAILED": (
        f"its deletion has failed, so it cannot be updated: {DELETE}, once what keeps its "
        "resources is gone"
    ),
    "ROLLBACK_COMPLETE": (
        f"its creation failed and was rolled back, so it can only be deleted: {DELETE}"
    ),
    "ROLLBACK_FAILED": (
        "its creation failed, and so did the rollback; it can only be deleted: "
        f"{DELETE}, once what keeps its resources is gone"
    ),
    "UPDATE_FAILED": (
        "its last update failed and was not rolled back: roll it back with `aws cloudformation "
        "rollback-stack --stack-name {name}`, then deploy again"
    ),
    "UPDATE_ROLLBACK_FAILED": (
        "the rollback of its last update failed: remove the cause, then run `aws cloudformation "
        "continue-update-rollback --stack-name {name}`, then deploy again"
    ),
}
IN_PROGRESS = "_IN_PROGRESS"
SUCCEEDED = ("CREATE_COMPLETE", "UPDATE_COMPLETE")


def obstacle(name: str, status: str, reason: str = "") -> str:
    """Why a stack in this status cannot be deployed, as a sentence; empty if it can."""
    if status.endswith(IN_PROGRESS):
        why = "an operation is in progress: wait until it has ended, then deploy again"
    elif status in OBSTACLES:
        why = OBSTACLES[status].format(name=name)
    else:
        return ""
    details = f" CloudFormation says: {reason}" if reason else ""
    return f"The stack {name} is in the status {status}: {why}.{details}"
