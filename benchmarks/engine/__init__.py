"""The engine's own measurements: whole accounts beside freqtrade, clouds beside the plainest loop and a bare copy."""
