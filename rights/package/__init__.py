"""The access package: every personal field held about an account, with the information of Art. 15 GDPR.

What is in it follows from the register: a field is copied, dated or described there, and so it is here.
"""

from rights.package.contents import Package, draw_up
from rights.package.deposits import Deposit, PackageRefused, deposit, open_with
from rights.package.files import packed

__all__ = ["Deposit", "Package", "PackageRefused", "deposit", "draw_up", "open_with", "packed"]
