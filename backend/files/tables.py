"""Files people and officers hand in, and the pictures made of their pages."""

from piccolo.columns import BigInt, Bytea, Integer, Text
from piccolo.constraints import Unique
from piccolo.table import Table

from backend.kit.columns import key, moment, reference
from backend.kit.database import DB


class File(Table, tablename="file", db=DB):
    """One file, kept under a name of its own in the object store; the person's file name is only shown."""

    id = key()
    agency = reference(null=True)
    subject_kind = Text(default=None, help_text="dossier")
    subject = reference(index=True)
    slot = Text(default=None, help_text="the required paper's id, the answer's path, or 'result'")
    name = Text(default=None, help_text="as the person's device called it")
    media_type = Text(default=None)
    size = BigInt(default=None, help_text="bytes")
    sha256 = Bytea(default=None)
    object_name = Text(default=None, unique=True)
    pages = Integer(default=None, null=True, help_text="known once previews are made")
    position = Integer(default=0)
    uploaded_by = reference(null=True, help_text="account")
    uploaded_at = moment(null=False)
    checked_at = moment()
    removed_at = moment()


class FilePreview(Table, tablename="file_preview", db=DB):
    """A picture of one page, and its small tile."""

    id = key()
    file = reference(index=True)
    page = Integer(default=1)
    object_name = Text(default=None)
    tile_object_name = Text(default=None)
    width = Integer(default=0)
    height = Integer(default=0)

    preview_once_per_page = Unique(["file", "page"])
