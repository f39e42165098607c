"""ffmpeg's options for the connections of a MediaLive input: RTMP, RTP and SRT."""

from collections.abc import Callable, Mapping
from urllib.parse import quote

from botocore.exceptions import ClientError

from preview.account import Account
from preview.services.media_inputs import THIS_MACHINE, Connection, SrtSettings

KEY_BYTES = {"AES128": 16, "AES192": 24, "AES256": 32}


def passphrase_of(account: Account, connection: Connection) -> str | None:
    """The passphrase in the account's Secrets Manager; None if there is none."""
    arn = connection.srt.passphrase_arn
    if arn is None:
        return None
    try:
        secret = account.client("secretsmanager").get_secret_value(SecretId=arn)
    except ClientError:
        return None
    return str(secret["SecretString"])


def calling(connection: Connection, passphrase: str | None) -> str:
    """The URL with which ffmpeg pulls the connection, as MediaLive does."""
    if not connection.url.startswith("srt://"):
        return connection.url
    return f"{connection.url}?mode=caller{_srt(connection.srt, passphrase)}"


def listening(connection: Connection, passphrase: str | None) -> tuple[str, ...]:
    """Options of ffmpeg to wait for an encoder that pushes to the connection."""
    scheme = connection.url.partition(":")[0]
    return LISTENING[scheme](connection, passphrase)


def _rtmp(connection: Connection, _: str | None) -> tuple[str, ...]:
    return ("-listen", "1", "-i", connection.url)


def _rtp(connection: Connection, _: str | None) -> tuple[str, ...]:
    return ("-i", f"{connection.url}?localaddr={THIS_MACHINE}")


def _srt_listener(connection: Connection, passphrase: str | None) -> tuple[str, ...]:
    """MediaLive takes any stream ID, and refuses what is not encrypted with the passphrase.

    https://docs.aws.amazon.com/medialive/latest/ug/input-listener-srt-prereqs.html
    """
    enforced = "&enforced_encryption=1" if passphrase else ""
    return ("-i", f"{connection.url}?mode=listener{_srt(connection.srt, passphrase)}{enforced}")


LISTENING: Mapping[str, Callable[[Connection, str | None], tuple[str, ...]]] = {
    "rtmp": _rtmp,
    "rtp": _rtp,
    "srt": _srt_listener,
}


def _srt(settings: SrtSettings, passphrase: str | None) -> str:
    """https://ffmpeg.org/ffmpeg-protocols.html#srt ."""
    key = f"&passphrase={quote(passphrase)}" if passphrase else ""
    length = f"&pbkeylen={KEY_BYTES[settings.algorithm]}" if settings.algorithm else ""
    name = f"&streamid={quote(settings.stream_id, safe='')}" if settings.stream_id else ""
    latency = f"&latency={int(settings.latency) * 1000}" if settings.latency else ""  # microseconds
    return f"{key}{length}{name}{latency}"
