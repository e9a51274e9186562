"""The names under which queries that are made once are given their values each time."""

from typing import Any

import sqlalchemy as sa

from tracker.store.database import UtcDateTime

IDS: sa.BindParameter[Any] = sa.bindparam("ids", expanding=True)
SHARE_IDS: sa.BindParameter[Any] = sa.bindparam("share_ids", expanding=True)
LOG_IDS: sa.BindParameter[Any] = sa.bindparam("log_ids", expanding=True)
PLAN_ID: sa.BindParameter[Any] = sa.bindparam("plan_id", type_=sa.Integer)
TASK_ID: sa.BindParameter[Any] = sa.bindparam("task_id", type_=sa.Integer)
UNIT_ID: sa.BindParameter[Any] = sa.bindparam("unit_id", type_=sa.Integer)
NOW: sa.BindParameter[Any] = sa.bindparam("now", type_=UtcDateTime)
TODAY: sa.BindParameter[Any] = sa.bindparam("today", type_=sa.Date)
# Day and end of a cut-off (`CutOff.given`).
AS_OF: sa.BindParameter[Any] = sa.bindparam("as_of", type_=sa.Date)
UNTIL: sa.BindParameter[Any] = sa.bindparam("until", type_=UtcDateTime)
