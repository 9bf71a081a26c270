"""Why a file is refused."""

from kefu.core.errors import KefuError


class FileEmpty(KefuError):
    """The file has no content."""

    code = "file.empty"
    status = 422


class FileTooLarge(KefuError):
    """More than `megabytes` of content."""

    code = "file.too_large"
    status = 413


class FileTypeRefused(KefuError):
    """The content is of no type that is taken here, whatever its name says."""

    code = "file.type_refused"
    status = 415


class PictureTooLarge(KefuError):
    """More than `megapixels` in the picture."""

    code = "file.picture_too_large"
    status = 413


class FileDamaged(KefuError):
    """A picture that cannot be drawn."""

    code = "file.damaged"
    status = 422


class FileHeld(KefuError):
    """Nobody has checked what the customer sent; an agent may open it, and that is recorded."""

    code = "file.held"
    status = 403
