"""What an erasure here cannot reach: a list for staff to go through, since this site does not know these places."""

from django.utils.translation import gettext_lazy as _

CHECKLIST = (
    _("Copies that recipients hold: tell each of them (Art. 19), and note their answers in the case."),
    _("Files that staff took out of this site: downloads, notebooks, shared folders, other tools."),
    _("Mailboxes: letters of the person and answers to them, beyond the case that is kept as proof."),
    _("Paper: printed dossiers, notes, letters."),
    _("Backups of the database and of the servers: at most 30 days old, and replayed after a restore."),
    _("Logs and archives of other systems: proxies, mail servers, archived write-ahead logs of PostgreSQL."),
    _("The Hub itself, where everything stays visible until the person has it removed there."),
)
