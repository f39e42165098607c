"""Deployments of a template: uploads the code, creates or updates the stack, uploads the page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from preview.account import Account
from preview.cli.existing_origin import add_statements, put_on_air, register_existing
from preview.cli.existing_pool import create_pool, register_urls
from preview.cli.root_key_pair import register
from preview.cli.sample_parameters import with_sample_values
from preview.cli.uploads import template_of, upload_code, upload_page
from preview.cloudformation.stack import Stack
from preview.endpoint.desk import Surroundings


def _before(
    account: Account, declared: Mapping[str, Mapping[str, Any]], parameters: Mapping[str, str]
) -> None:
    register(account, declared, parameters)
    register_existing(account, declared, parameters)
    create_pool(account, declared, parameters)


def _after(account: Account, outputs: Mapping[str, str]) -> None:
    put_on_air(account, outputs)
    add_statements(account, outputs)
    register_urls(account, outputs)


OTHERS = Surroundings(before=_before, after=_after)
"""What the owners of a stream, a user pool or a key pair do that exist before the stack."""


@dataclass(kw_only=True)
class Deployment:
    """The stack, and the parameter values of its last deployment."""

    stack: Stack
    parameters: Mapping[str, str] = field(default_factory=dict)

    def deploy(self, file: Path, given: Mapping[str, str]) -> None:
        """Creates or updates the stack from a template file, as an operator does on AWS.

        The functions' zip files are in the folder `lambda` next to the file, the page in `site`. A
        parameter that is not given keeps its value; a new one gets a sample value.

        Raises:
            PreviewError: a file is missing, or the template or a parameter is wrong. A failed
                update has been rolled back.
        """
        template = template_of(file)
        declared = template.get("Parameters", {})
        kept = {name: value for name, value in self.parameters.items() if name in declared}
        parameters = with_sample_values(declared, {**kept, **given})
        account = self.stack.account
        _before(account, declared, parameters)
        upload_code(account, template, parameters, file.parent / "lambda")
        self.stack.deploy(template, parameters)
        _after(account, self.stack.outputs)
        self.parameters = parameters
        self._upload_page(file.parent / "site")

    def _upload_page(self, folder: Path) -> None:
        bucket = self.stack.outputs.get("PageBucketName")
        if bucket is None:
            return
        count = upload_page(self.stack.account, bucket, folder)
        self.stack.say(
            f"uploaded {count} files of the page"
            if count
            else f"no page  {folder} is missing. Create it with: make site"
        )
