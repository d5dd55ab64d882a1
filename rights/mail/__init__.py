"""Letters that reach us as files of mail: read from their bytes alone, whatever those bytes are."""

from rights.mail.reading import BadMail, Fault, Mail, Part, read

__all__ = ["BadMail", "Fault", "Mail", "Part", "read"]
