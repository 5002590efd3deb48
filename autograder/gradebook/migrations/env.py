"""Run by Alembic. The connection comes from `autograder.gradebook.schema.upgrade`."""

from __future__ import annotations

from alembic import context

from autograder.gradebook.schema import VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    version_table=VERSION_TABLE,
    # both databases roll tables back; the caller's transaction holds all steps
    transactional_ddl=True,
)

with context.begin_transaction():
    context.run_migrations()
