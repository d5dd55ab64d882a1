"""Mails as they come: what is read of them, and what no mail can do to its reader."""

import time
import unicodedata
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest

from rights.mail import BadMail, read
from rights.mail.plain import cleaned, deceives, one_line, without_markup
from tests.factories import AT
from tests.rights.mail.hostile import HEAD, HOSTILE, PLAIN, nested, typed

SENT = "Sun, 01 Nov 2026 20:15:00 +0100"


def mail(**headers):
    message = EmailMessage()
    defaults = {"From": "Jeanne Démo <jeanne@demo.example>", "Date": SENT, "Message-ID": "<one@demo.example>"}
    for name, value in (defaults | {"Subject": "Accès à mes données"} | headers).items():
        if value is not None:
            message[name.replace("_", "-")] = value
    message.set_content("Bonjour,\n\nje demande l’accès à mes données.\n")
    return message


def test_a_mail_as_people_send_it():
    message = mail(In_Reply_To="<b@us.example>", References="<a@us.example> <b@us.example>")
    message.add_alternative("<p>Bonjour <b>marked up</b></p>", subtype="html")
    message.add_attachment(b"%PDF-1.4 x", maintype="application", subtype="pdf", filename="pièce d’identité.pdf")

    found = read(message.as_bytes(), at=AT)

    assert (found.sender, found.sender_name) == ("jeanne@demo.example", "Jeanne Démo")
    assert found.subject == "Accès à mes données"
    assert found.text == "Bonjour,\n\nje demande l’accès à mes données."
    assert [(part.name, part.content) for part in found.parts] == [("pièce d’identité.pdf", b"%PDF-1.4 x")]
    assert (found.message_id, found.follows) == ("<one@demo.example>", ("<b@us.example>", "<a@us.example>"))
    assert (found.received_at, found.by_our_server) == (datetime(2026, 11, 1, 19, 15, tzinfo=UTC), False)
    assert (found.bounce, found.automatic) == (None, False)


HOP = "from mx.demo.example by mail.us.example; {}"


@pytest.mark.parametrize(
    ("received", "date", "expected", "ours"),
    [
        ("Mon, 2 Nov 2026 09:30:00 +0100", SENT, datetime(2026, 11, 2, 8, 30, tzinfo=UTC), True),
        (None, SENT, datetime(2026, 11, 1, 19, 15, tzinfo=UTC), False),
        (None, "Sun, 01 Nov 2026 20:15:00 -0000", datetime(2026, 11, 1, 20, 15, tzinfo=UTC), False),
        (None, "Tue, 03 Nov 2026 00:00:00 +0000", None, False),  # to come
        (None, "Thu, 01 Jan 1970 00:00:00 +0000", None, False),
        (None, "yesterday", None, False),
        ("Tue, 3 Nov 2026 00:00:00 +0000", SENT, datetime(2026, 11, 1, 19, 15, tzinfo=UTC), False),
        (None, None, None, False),
    ],
)
def test_the_date_of_receipt_is_our_servers_never_one_to_come(received, date, expected, ours):
    found = read(mail(Received=received and HOP.format(received), Date=date).as_bytes(), at=AT)
    assert (found.received_at, found.by_our_server) == (expected, ours)


def test_of_several_hops_the_last_one_counts():
    """The topmost line is our server's; those below are anybody's word."""
    below = HOP.format("Mon, 5 Oct 2026 08:00:00 +0000").encode()
    top = HOP.format("Mon, 2 Nov 2026 08:30:00 +0000").encode()
    found = read(b"Received: " + top + b"\r\nReceived: " + below + b"\r\n" + HEAD + PLAIN + b"x", at=AT)
    assert found.received_at == datetime(2026, 11, 2, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (b"<p>Bonjour</p><p>Merci&nbsp;!</p>", "Bonjour\n\nMerci !"),
        (b"one<br>two", "one\ntwo"),
        (b"<script>alert(1)</script>text<style>p{}</style>", "text"),
        (b"a &lt;b&gt; c", "a <b> c"),
        (b"<img src=x onerror=alert(1)>text", "text"),
        (b"<head><title>t</title></head><body>text", "text"),
    ],
)
def test_marked_up_mails_are_made_plain(html, text):
    assert read(typed(b"text/html; charset=utf-8", html), at=AT).text == text


def test_a_forwarded_mail_is_kept_whole_and_not_read_as_ours():
    outer = mail(Subject="Fwd")
    outer.add_attachment(mail(Subject="inner", From="other@demo.example"))
    found = read(outer.as_bytes(), at=AT)
    assert found.subject == "Fwd"
    assert len(found.parts) == 1
    assert b"Subject: inner" in found.parts[0].content


def report(status, action="failed"):
    return typed(
        b"multipart/report; report-type=delivery-status; boundary=b",
        b"--b\r\nContent-Type: text/plain\r\n\r\nsorry\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        b"Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; jeanne@demo.example\r\n"
        + f"Action: {action}\r\nStatus: {status}\r\n\r\n--b\r\n".encode()
        + b"Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: <letter-1@us.example>\r\nSubject: x\r\n\r\n--b--\r\n",
    )


@pytest.mark.parametrize(("status", "for_good"), [("5.1.1", True), ("4.4.1", False)])
def test_a_bounce_says_which_mail_came_back(status, for_good):
    bounce = read(report(status), at=AT).bounce
    assert bounce is not None
    assert (bounce.message_id, bounce.status, bounce.for_good) == ("<letter-1@us.example>", status, for_good)


def test_a_receipt_is_no_bounce():
    assert read(report("2.0.0", "delivered"), at=AT).bounce is None


@pytest.mark.parametrize("word", ["auto-replied", "auto-generated (vacation)"])
def test_an_automatic_answer_says_so(word):
    assert read(mail(Auto_Submitted=word).as_bytes(), at=AT).automatic


@pytest.mark.parametrize(("name", "content", "fault"), HOSTILE, ids=[name for name, *_ in HOSTILE])
def test_hostile_mails_are_refused_or_tamed(name, content, fault):
    began = time.perf_counter()
    if fault:
        with pytest.raises(BadMail) as refused:
            read(content, at=AT)
        assert refused.value.fault == fault
    else:
        found = read(content, at=AT)
        one_liners = [found.sender, found.sender_name, found.subject, *(part.name for part in found.parts)]
        assert all("\n" not in text and "\r" not in text for text in one_liners)
        for text in (*one_liners, found.text):
            assert not deceives(text)
            assert not any(unicodedata.category(mark) in ("Cc", "Cs") and mark not in "\n\t" for mark in text)
        assert "alert(1)" not in found.text
        assert found.received_at is None or found.received_at <= AT
    assert time.perf_counter() - began < 5, name


def test_there_are_at_least_thirty_of_them():
    assert len({name for name, *_ in HOSTILE}) >= 30


def test_what_people_do_nest_is_read():
    assert read(nested(5), at=AT).text == "deep"


@pytest.mark.parametrize("cut", range(0, 700, 13))
def test_a_mail_cut_off_anywhere_is_read_or_refused(cut):
    message = mail()
    message.add_attachment(b"%PDF-1.4 x" * 20, maintype="application", subtype="pdf", filename="a.pdf")
    part = message.as_bytes()[:cut]
    if b"From:" in part or b"Subject:" in part:
        assert read(part, at=AT).message_id in ("", "<one@demo.example>")
    else:
        with pytest.raises(BadMail, match=r"empty|no_mail"):
            read(part, at=AT)


def test_texts_are_cut_and_cleaned():
    assert cleaned("a\r\nb\rc\x00\u202ed" + "e" * 500, most=10) == "a\nb\ncdeeee"
    assert one_line("a\r\nBcc: b\u2028c") == "a Bcc: b c"
    assert without_markup("<p>a</p>").strip() == "a"
    assert read(mail(Date=None).as_bytes(), at=AT + timedelta(days=1)).received_at is None
