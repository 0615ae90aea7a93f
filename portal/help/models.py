"""Tables of questions and answers. They hold nothing of companies."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.help.states import HelpState, Language, Topic
from portal.kit.db import Base, Identified, Stamped, Versioned, state_check


class HelpQuestion(Identified, Stamped, Versioned, Base):
    """A question with its answer in one or more languages. Its address never changes, whatever its words become."""

    __tablename__ = "help_questions"

    slug: Mapped[str]
    topic: Mapped[str]
    position: Mapped[int]
    state: Mapped[str] = mapped_column(default=HelpState.DRAFT)
    edited_at: Mapped[datetime]
    published_at: Mapped[datetime | None]

    texts: Mapped[list["HelpText"]] = relationship(lazy="raise", cascade="all, delete-orphan")

    __table_args__ = (
        state_check(HelpState),
        state_check(Topic, "topic"),
        UniqueConstraint("slug", name="uq_help_questions_slug"),
        Index("ix_help_questions_topic", "topic", "position", "id"),
    )

    @property
    def is_published(self) -> bool:
        """Whether strangers can read it."""
        return self.state == HelpState.PUBLISHED

    @property
    def by_language(self) -> dict[str, "HelpText"]:
        """Its texts by the language they are in."""
        return {text.language: text for text in self.texts}


class HelpText(Base):
    """A question and its answer in one language, in the marks of `portal.help.markup`."""

    __tablename__ = "help_texts"

    question_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("help_questions.id"), primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    question: Mapped[str]
    answer: Mapped[str]

    __table_args__ = (state_check(Language, "language"),)
