"""MediaLive and MediaPackage accept only what the template allows."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from preview.account import Account
from preview.cloudformation.stack import Stack
from preview.errors import Rejected
from preview.services.media import START_SECONDS
from tests.preview.operator import ENCODER, PARAMETERS, copy_code, deployed, template_in

ENDPOINT = "AWS::MediaPackageV2::OriginEndpoint"


@pytest.fixture(scope="module")
def stack(built: Path) -> Iterator[Stack]:
    with Account() as account:
        copy_code(account, built)
        yield deployed(account, template_in(built))


@pytest.fixture
def address(stack: Stack) -> str:
    """The URL that the encoder sends to, with the stream key."""
    return f"{stack.outputs['EncoderAddressPrimary']}/{PARAMETERS['StreamKey']}"


def served(account: Account, name: str) -> bool:
    (endpoint,) = account.resources.of_type(ENDPOINT)
    return account.media.answer(endpoint, name) is not None


def test_the_stream_is_on_air_when_the_channel_runs_and_the_encoder_sends(
    stack: Stack, address: str
) -> None:
    account, channel = stack.account, stack.outputs["ChannelId"]
    seen = [served(account, "index.m3u8")]
    account.media.start(channel)
    account.clock.skip(START_SECONDS)
    seen.append(served(account, "index.m3u8"))
    account.media.send(address, ENCODER)
    seen += [served(account, name) for name in ("index.m3u8", "index.mpd", "a.mp4", "x.m3u8")]
    account.media.stop(channel)
    seen.append(served(account, "index.m3u8"))
    assert seen == [False, False, True, True, True, False, False]


def test_each_address_has_host_and_application_of_one_url_and_no_stream_key(stack: Stack) -> None:
    (input_,) = stack.account.resources.of_type("AWS::MediaLive::Input")
    assert [
        f"{stack.outputs[name]}/{PARAMETERS['StreamKey']}"
        for name in ("EncoderAddressPrimary", "EncoderAddressBackup")
    ] == input_.attributes["DestinationUrls"]


def test_only_the_encoders_addresses_may_send(stack: Stack, address: str) -> None:
    with pytest.raises(Rejected, match=r"does not accept a stream from 198\.51\.100\.7"):
        stack.account.media.send(address, "198.51.100.7")


def test_a_wrong_stream_key_is_rejected(stack: Stack, address: str) -> None:
    with pytest.raises(Rejected, match="No input accepts a stream"):
        stack.account.media.send(address.rpartition("/")[0] + "/guess", ENCODER)


def test_a_channel_that_does_not_exist_cannot_be_started(stack: Stack) -> None:
    with pytest.raises(Rejected, match=r"not an AWS::MediaLive::Channel"):
        stack.account.media.start("1")
