"""Content that nobody has read yet lies sealed, under a key of its own.

The key lies in the file's row, wrapped by KEFU_SECRET_KEY. Where the key is dropped, the
content is gone, also from backups of the folder.
"""

import os
from typing import Final

from kefu.core import crypto

_CONTENT: Final = "file"
_KEY: Final = "file key"


class Seal:
    """One file's key. `wrapped` is how its row holds it."""

    def __init__(self, secret_key: bytes, wrapped: bytes | None = None) -> None:
        if wrapped is None:
            self._key = os.urandom(32)
            self.wrapped = crypto.seal(secret_key, _KEY, self._key)
        else:
            self._key = crypto.unseal(secret_key, _KEY, wrapped)
            self.wrapped = wrapped

    def close(self, content: bytes) -> bytes:
        """Return content sealed."""
        return crypto.seal(self._key, _CONTENT, content)

    def open(self, sealed: bytes) -> bytes:
        """Return sealed content. Raises ValueError if it was altered."""
        return crypto.unseal(self._key, _CONTENT, sealed)
