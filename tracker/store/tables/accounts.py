"""What belongs to an account: sessions, links that open it once, further units, the notice, the second factor."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from tracker.store.database import Base


class SignInSession(Base):
    """One sign-in on one device, good until `ended_at` is set; `id` is random and stands in the signed cookie.

    `client` is a summary such as "Chrome, Windows", `network` the address shortened to its network.
    """

    __tablename__ = "sign_in_session"

    id: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    client: Mapped[str] = mapped_column(sa.String(80), default="")
    network: Mapped[str] = mapped_column(sa.String(50), default="")


class AccountLink(Base):
    """A link that opens an account once until `expires_at`; its secret itself is kept nowhere."""

    __tablename__ = "account_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(10))
    secret_sha256: Mapped[str] = mapped_column(sa.String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class ActingRow(Base):
    """That a person may act for a further unit from a day to a day (empty: until further notice), and why."""

    __tablename__ = "acting"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    document: Mapped[str] = mapped_column(sa.String(300), default="")


class NoticeAcceptance(Base):
    """That a person read the notice on personal data, by version."""

    __tablename__ = "notice_acceptance"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    accepted_at: Mapped[datetime]


class SecondFactor(Base):
    """A person's second factor (RFC 6238), asked for once it is confirmed; no step up to `last_step` counts again.

    `secret` is sealed by `adapters.sealing`; where it has 32 letters, it is base 32 from before that.
    """

    __tablename__ = "second_factor"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    secret: Mapped[str] = mapped_column(sa.String(64))
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(sa.BigInteger, default=0)


class RecoveryCode(Base):
    """A code that stands for the second factor once; only its hash is kept."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    code_sha256: Mapped[str] = mapped_column(sa.String(64))
    used_at: Mapped[datetime | None]
