"""Who may sign the viewers' cookies."""

from generator.signing.handle import Signing
from generator.signing.managed import SigningOptions, signing

__all__ = ["Signing", "SigningOptions", "signing"]
