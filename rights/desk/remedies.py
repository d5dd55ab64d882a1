"""The two passages that no refusal goes without (Art. 12(4) GDPR): nobody can edit them away."""

from django.utils import translation
from django.utils.translation import gettext as _


def complaint(language: str) -> str:
    """The right to complain to a supervisory authority, in the language of the case."""
    with translation.override(language):
        return _(
            "You have the right to lodge a complaint with a supervisory authority, in particular in the Member State "
            "of your residence, of your place of work or of the alleged infringement. In France it is the CNIL, "
            "3 place de Fontenoy, TSA 80715, 75334 Paris Cedex 07 (www.cnil.fr)."
        )


def judicial_remedy(language: str) -> str:
    """The judicial remedy, in the language of the case."""
    with translation.override(language):
        return _(
            "You also have the right to an effective judicial remedy: within two months of receiving this decision you "
            "may bring it before the administrative court that has jurisdiction."
        )
