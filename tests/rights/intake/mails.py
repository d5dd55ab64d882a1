"""Plain makers of mails as files. Names are made up."""

from email.message import EmailMessage

from rights.intake import taking
from rights.intake.taking import Taken
from rights.mail import Part
from tests.factories import make_user
from tests.rights.desk.cases import AT

SENT = "Mon, 02 Nov 2026 09:30:00 +0100"
OUR_SERVER = "from mx.canari.example by mx.site.example; Mon, 02 Nov 2026 09:31:00 +0100"


def eml(
    text: str = "Bonjour, je demande l’accès à mes données.", files: tuple[tuple[str, bytes], ...] = (), **headers: str
) -> bytes:
    """A mail with these headers (`_` for `-`) and attachments."""
    message = EmailMessage()
    known = {
        "From": "Zoe Canari <zoe@canari.example>",
        "Date": SENT,
        "Subject": "Mes données",
        "Message_ID": "<1@canari.example>",
    }
    for name, value in (known | headers).items():
        if value:
            message[name.replace("_", "-")] = value
    message.set_content(text)
    for name, content in files:
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def bounce(message_id: str, status: str = "5.1.1") -> bytes:
    """A server's report that the mail of this Message-ID did not arrive."""
    returned = f"Message-ID: {message_id}\nSubject: x\n" if message_id else "Subject: x\n"
    return (
        f"From: MAILER-DAEMON@mx.example\nDate: {SENT}\nSubject: Undelivered\n"
        f"Message-ID: <b{message_id[1:9]}@mx.example>\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nNobody of that name.\n"
        f"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\nStatus: {status}\nAction: failed\n\n"
        f"--b\nContent-Type: text/rfc822-headers\n\n{returned}\n--b--\n"
    ).encode()


def dropped(content: bytes, **more: object) -> Taken:
    """What became of one mail, dropped by an agent."""
    (taken,) = taking.drop([Part("a.eml", content)], by=int(make_user().pk), at=AT, **more)
    return taken
