"""The ground that every feature stands on. Knows no feature."""
