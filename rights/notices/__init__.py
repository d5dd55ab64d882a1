"""The information notice against the register: nothing is harvested of which the public was not told."""

from rights.notices.declaring import VOCABULARY, NoticeRefused, lacking, needed, refusal
from rights.notices.publishing import drawn, publish, record
from rights.notices.seeding import seed_after_migrate
from rights.notices.wording import drafted

__all__ = [
    "VOCABULARY",
    "NoticeRefused",
    "drafted",
    "drawn",
    "lacking",
    "needed",
    "publish",
    "record",
    "refusal",
    "seed_after_migrate",
]
