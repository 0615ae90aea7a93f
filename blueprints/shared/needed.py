"""Answers that are needed in the end, but that a draft may be saved without."""

from wtforms.validators import Optional


class Needed(Optional):  # type: ignore[misc]
    """An empty answer is taken, and the field is shown as one that has to be filled in before the end."""

    def __init__(self) -> None:
        super().__init__()
        self.field_flags = {"required": True}
