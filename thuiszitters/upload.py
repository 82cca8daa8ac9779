"""A file between its preview and its import: it travels through the page, sealed, so that none stays behind."""

import base64
import io
import zlib
from dataclasses import dataclass
from typing import BinaryIO

from django.core import signing

SEAL_SECONDS = 60 * 60


@dataclass(frozen=True)
class Upload:
    name: str
    content: bytes

    @property
    def file(self) -> BinaryIO:
        return io.BytesIO(self.content)


def seal(upload: Upload, salt: str) -> str:
    """Return `upload` as a text that only this product can have made, for who `salt` names."""
    packed = base64.urlsafe_b64encode(zlib.compress(upload.content, 6)).decode()
    name = base64.urlsafe_b64encode(upload.name.encode()).decode()
    return signing.TimestampSigner(salt=salt).sign(f"{name}.{packed}")


def unseal(sealed: str, salt: str) -> Upload:
    """Return what was sealed within the hour. Raises signing.BadSignature for anything else."""
    name, packed = signing.TimestampSigner(salt=salt).unsign(sealed, max_age=SEAL_SECONDS).split(".")
    return Upload(base64.urlsafe_b64decode(name).decode(), zlib.decompress(base64.urlsafe_b64decode(packed)))
