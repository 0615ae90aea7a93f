"""Answers that publication needs but a draft may be saved without."""

from wtforms.validators import Optional


class Needed(Optional):  # type: ignore[misc]
    """An empty answer is taken, and the field is shown as one that has to be filled in before the end."""

    field_flags = {"required": True}

    def __init__(self) -> None:
        super().__init__()
        self.field_flags = {"required": True}
