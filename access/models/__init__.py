"""The accounts of this site (not of the Hub), their sessions, drafts and tokens, and what was granted or reset."""

from access.models.draft import Draft
from access.models.grant import NameGrant
from access.models.reset import SecondFactorReset
from access.models.session import Session, end_sessions
from access.models.token import ApiToken
from access.models.user import User

__all__ = ["ApiToken", "Draft", "NameGrant", "SecondFactorReset", "Session", "User", "end_sessions"]
