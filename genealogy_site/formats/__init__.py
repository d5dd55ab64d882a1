"""How dates stand where Django's own form would be read two ways."""
