"""Assignments, submissions and their results."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the first tables."""
    op.create_table(
        "assignment",
        sa.Column("key", sa.Integer(), primary_key=True),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.UniqueConstraint("id", "version", name="assignment_id_version"),
    )
    op.create_table(
        "submission",
        sa.Column("key", sa.Integer(), primary_key=True),
        sa.Column("assignment_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.UniqueConstraint("assignment_id", "id", name="submission_assignment_id_id"),
    )
    op.create_table(
        "result",
        sa.Column(
            "submission_key", sa.Integer(), sa.ForeignKey("submission.key"), primary_key=True
        ),
        sa.Column(
            "assignment_key", sa.Integer(), sa.ForeignKey("assignment.key"), primary_key=True
        ),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("max_score", sa.Double(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
    )
