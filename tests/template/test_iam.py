"""IAM roles of the stream."""

from collections.abc import Callable

from tests.conftest import Document, of_type


def roles(template: Document) -> dict[str, Document]:
    """The properties of all roles, by logical ID."""
    return of_type(template, "AWS::IAM::Role")


def test_only_one_service_may_assume_each_role(any_template: Document) -> None:
    services = {}
    for title, role in roles(any_template).items():
        (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
        services[title] = statement["Principal"]["Service"]
    functions = {f"{title}Role" for title in of_type(any_template, "AWS::Lambda::Function")}
    media = {"ChannelRole", "InputRole"} & services.keys()
    assert ("ChannelRole" in media) == bool(of_type(any_template, "AWS::MediaLive::Channel"))
    shows = {"ShowsRole"} & services.keys()
    assert bool(shows) == bool(of_type(any_template, "AWS::Scheduler::Schedule"))
    assert services == {
        **{title: ["scheduler.amazonaws.com"] for title in shows},
        **{title: ["medialive.amazonaws.com"] for title in media},
        **{title: ["lambda.amazonaws.com"] for title in functions},
    }


def test_no_role_has_a_managed_policy(any_template: Document) -> None:
    assert not any("ManagedPolicyArns" in role for role in roles(any_template).values())


def test_no_role_needs_the_capability_to_name_it(any_template: Document) -> None:
    assert not any("RoleName" in role for role in roles(any_template).values())


def test_path_and_boundary_are_on_every_role(template_of: Callable[..., Document]) -> None:
    template = template_of(roles={"path": "/streams/", "permissions_boundary": True})
    assert "PermissionsBoundaryArn" in template["Parameters"]
    for role in roles(template).values():
        assert role["Path"] == "/streams/"
        assert role["PermissionsBoundary"] == {"Ref": "PermissionsBoundaryArn"}


def test_a_boundary_is_a_parameter_only_if_wanted(default: Document) -> None:
    assert "PermissionsBoundaryArn" not in default["Parameters"]
    for role in roles(default).values():
        assert "PermissionsBoundary" not in role
