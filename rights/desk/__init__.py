"""What agents do about a case: each act one keyword-only atomic function, with its journal entry inside.

Every act takes the case as its agent saw it. Where somebody else changed it since, nothing is done and `Overtaken` says
so.
"""
