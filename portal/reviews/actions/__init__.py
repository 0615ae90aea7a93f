"""What reviews do: open and settle windows, write and answer reviews."""

from portal.reviews.actions.windows import open_final_window, open_window, plan_window, settle_window
from portal.reviews.actions.write import answer_review, write_review

__all__ = ["answer_review", "open_final_window", "open_window", "plan_window", "settle_window", "write_review"]
