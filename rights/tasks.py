"""What is kept for a time, deleted every day once that time is over."""

import logging
from typing import Any

from celery import shared_task
from django.utils import timezone

from rights import heads, ledger, retention
from rights.desk import digest, watched
from rights.letters import send_waiting
from rights.models import Referral, RightsCase
from rights.reception import codes, mails
from rights.referral import tracing

logger = logging.getLogger(__name__)
AGAIN = 300  # seconds until a mail is tried again


@shared_task
def apply_retention() -> None:
    """Delete what is past its period: quarantine, proofs of rights, the journal's beginning, old ledger lines."""
    now = timezone.now()
    logger.info("Past their period and deleted: %s", retention.apply(at=now))
    logger.info("Lines of the ledger of effects forgotten: %d", ledger.prune(before=now - ledger.KEPT))


@shared_task
def send_journal_head() -> None:
    """Each month, so that somebody outside the database keeps a head of the journal."""
    logger.info("Head of the journal sent to %d persons", heads.send(at=timezone.now()))


@shared_task(bind=True, max_retries=8)
def send_digest(self: Any, accounts: list[int] | None = None) -> None:
    """Each working day: which cases are due. Whom it did not reach is tried again, alone."""
    try:
        logger.info("Digests of the desk sent: %d", digest.send(at=timezone.now(), accounts=accounts))
    except digest.NotAllSent as failed:
        raise self.retry(kwargs={"accounts": failed.accounts}, countdown=AGAIN, exc=failed) from None


@shared_task
def send_waiting_letters() -> None:
    """Every quarter of an hour: letters that the mail server did not take."""
    logger.info("Letters that had waited and left: %d", send_waiting(at=timezone.now()))


@shared_task
def watch_referrals() -> None:
    """Each day, after the harvest: say on which referrals the trace is another one by now."""
    logger.info("Traces of referrals found changed: %d", tracing.look_again(at=timezone.now()))
    logger.info("Changes under traces watched for cases: %d", watched.enter(at=timezone.now()))


@shared_task(autoretry_for=(mails.NotSent,), retry_backoff=60, max_retries=8)
def send_confirmation(model: str, key: int) -> None:
    """Send the link that confirms an address: of a case or of a referral, by its key."""
    letter: RightsCase | Referral | None = (
        RightsCase.objects.unconfirmed().filter(pk=key).first()
        if model == "case"
        else Referral.objects.unconfirmed().filter(pk=key).first()
    )
    if letter is not None:
        mails.send_confirmation(letter, at=timezone.now())


@shared_task(autoretry_for=(mails.NotSent,), retry_backoff=10, max_retries=3)
def send_code(key: int) -> None:
    """Draw the code that was asked for and send it, where there is whom to send it to."""
    drawn = codes.draw(key=key, at=timezone.now())
    if drawn is not None:
        letter, code = drawn
        mails.send_code(letter, code=code)
