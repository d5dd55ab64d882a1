"""Which kind of file bytes are: found from the bytes alone, on a short list of what is taken, within bounds."""

from rights.filetypes.faults import BadFile, FileFault
from rights.filetypes.kinds import EXTENSIONS, MEDIA_TYPES, FileKind, kind_of
from rights.filetypes.names import file_name

__all__ = ["EXTENSIONS", "MEDIA_TYPES", "BadFile", "FileFault", "FileKind", "file_name", "kind_of"]
