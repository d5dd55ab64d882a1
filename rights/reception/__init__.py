"""The public side: what a person without an account here can send, confirm, follow and take back."""
