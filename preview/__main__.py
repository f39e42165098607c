"""`python -m preview build/template.json Name=Value ...`: the stream on this machine."""

import argparse
import json
import signal
import sys
import threading
from collections.abc import Mapping, Sequence
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from werkzeug.wrappers import Request, Response

from preview.account import Account
from preview.media import START_SECONDS
from preview.refused import Refused
from preview.serve import Served
from preview.stack import Stack
from preview.stack_id import StackId
from preview.template.expressions import Scope
from preview.template.parameters import parameter_values


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the preview until Ctrl-C; 0 when it ran, 1 when the template or a parameter is wrong."""
    options = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with Account(StackId(name=options.stack_name, region=options.region)) as account:
            _run(account, options.template, dict(options.parameters))
    except Refused as refusal:
        print(f"preview: {refusal}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nThe preview is gone.", flush=True)
    return 0


def _run(account: Account, path: Path, parameters: Mapping[str, str]) -> None:
    """Creates the stack, puts it on air, and serves it until Ctrl-C."""
    template = _template(path)
    _upload_code(account, template, parameters, path.parent / "lambda")
    stack = Stack(account=account, say=_say)
    stack.deploy(template, parameters)
    _go_on_air(account)
    with Served(account, saw=_saw) as served:
        _say_where(account, stack, served)
        threading.Event().wait()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m preview",
        description="Creates an emitted template on this machine and lets viewers through."
        " The functions' zip files are taken from the folder lambda beside the template.",
    )
    parser.add_argument("template", type=Path, help="build/template.json")
    parser.add_argument("parameters", nargs="*", type=_pair, metavar="Name=Value")
    parser.add_argument("--region", default="us-east-1", help="default: us-east-1")
    parser.add_argument("--stack-name", default="live", help="default: live")
    return parser


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{text} must be Name=Value")
    return name, value


def _template(path: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(path.read_text("utf-8")))
    except OSError as error:
        raise Refused(f"{path}: {error.strerror}. Write it with: make template") from None
    except ValueError as error:
        raise Refused(f"{path} is no JSON ({error}).") from None


def _upload_code(
    account: Account, template: Mapping[str, Any], parameters: Mapping[str, str], folder: Path
) -> None:
    """Puts the functions' zip files where the template looks for them, as the operator would."""
    names = parameter_values(template.get("Parameters", {}), parameters)
    scope = Scope(names={**names, **account.stack.pseudo_parameters})
    for resource in template["Resources"].values():
        code = resource.get("Properties", {}).get("Code", {})
        if resource["Type"] == "AWS::Lambda::Function" and "S3Key" in code:
            bucket, key = scope.text(code["S3Bucket"]), scope.text(code["S3Key"])
            file = folder / key.rpartition("/")[2]
            if not file.is_file():
                raise Refused(f"{file} is missing. Write it with: make template")
            account.put_object(bucket, key, file.read_bytes())


def _go_on_air(account: Account) -> None:
    """Starts the channels and sends to their inputs from an address that they take."""
    for group in account.of_type("AWS::MediaLive::InputSecurityGroup"):
        encoder = str(ip_network(group.properties["WhitelistRules"][0]["Cidr"])[0])
        for input_ in account.of_type("AWS::MediaLive::Input"):
            for url in input_.attributes["DestinationUrls"]:
                account.media.send(account, url, encoder)
    for channel in account.of_type("AWS::MediaLive::Channel"):
        if account.media.state(channel.ref) == "IDLE":
            account.media.start(account, channel.ref)
        _say(f"on air   {channel.logical_id}")
    account.events.pass_time(START_SECONDS)


def _say(line: str) -> None:
    print(f"  {line}", flush=True)


def _saw(request: Request, response: Response) -> None:
    """One line for a viewer's step. Queries and cookies are left out: some are secrets."""
    _say(f"{response.status_code} {request.method} {request.scheme}://{request.host}{request.path}")


def _say_where(account: Account, stack: Stack, served: Served) -> None:
    for name, value in stack.outputs.items():
        if value.startswith("https://"):
            print(f"{name}: {value}")
    for address, password in account.mailbox.items():
        print(f"Mail to {address}: the temporary password is {password}")
    print(
        f"All of it answers on this machine: curl --insecure --connect-to"
        f" ::127.0.0.1:{served.https_port} ADDRESS\nCtrl-C ends it.",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
