"""Processing policies for tests, named by `settings.LINEAGE_PROCESSING_POLICY`."""

from dataclasses import replace

from lineage.policy import Screened


class Open:
    """Everything may be harvested."""

    def refusal(self, *, at):
        return None

    def screen(self, records):
        return Screened(records)

    def state(self):
        return type(self).__name__.encode()


class Shut(Open):
    """Nothing may be harvested."""

    def refusal(self, *, at):
        return "No project period is in force."


class ShutAfterTwoQuestions(Open):
    """The period ends while a harvest goes on."""

    questions = 0

    def refusal(self, *, at):
        type(self).questions += 1
        return "The period is over." if self.questions > 2 else None


class WithoutErased(Open):
    """Drops what the account `erased` owns, and every mention of it."""

    def screen(self, records):
        kept = [record for record in records if record.owner != "erased"]
        screened = [
            replace(record, mentions=tuple(one for one in record.mentions if not one.target.startswith("erased/")))
            for record in kept
        ]
        mentions = sum(len(old.mentions) - len(new.mentions) for old, new in zip(kept, screened, strict=True))
        return Screened(screened, dropped_records=len(records) - len(kept), dropped_mentions=mentions)
