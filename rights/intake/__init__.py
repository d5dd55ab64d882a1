"""Letters that come in by mail or post: read, kept sealed, and entered by an agent into a case or a referral."""
