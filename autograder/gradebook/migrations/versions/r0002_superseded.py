"""What a replaced result said: a student may ask why a score changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the table of replaced results."""
    op.create_table(
        "superseded",
        sa.Column("key", sa.Integer(), primary_key=True),
        sa.Column("submission_key", sa.Integer(), sa.ForeignKey("submission.key"), nullable=False),
        sa.Column("assignment_key", sa.Integer(), sa.ForeignKey("assignment.key"), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("max_score", sa.Double(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("superseded_submission_key", "superseded", ["submission_key"])
