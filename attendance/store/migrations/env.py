"""Alembic's environment, only ever run in-process on a connection that is already in a transaction.

There is no alembic.ini: attendance.store.upgrading hands over the connection, so that a migration
runs with the same engine, and as one transaction, whatever the database.
"""

from __future__ import annotations

from alembic import context

from attendance.store.migrations import guards
from attendance.store.tables import metadata

tx = context.config.attributes["connection"]
context.configure(
    connection=tx,
    target_metadata=metadata,
    transactional_ddl=True,
    render_as_batch=True,
)
guards.take_down(tx)
with context.begin_transaction():
    context.run_migrations()
guards.put_up(tx)
