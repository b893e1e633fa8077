"""What the builders share."""


class Builders:
    """Adds rows to a session."""

    def __init__(self, session):
        self.session = session

    def _add(self, row):
        self.session.add(row)
        self.session.flush()
        return row
