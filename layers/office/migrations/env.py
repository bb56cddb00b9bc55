"""Run by Alembic: apply the steps over the connection that the caller gives."""

from alembic import context
from fuping.layers.office.database import VERSION_TABLE
from fuping.layers.office.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    # The database may hold the layers too, and tables of others: only the office's are compared.
    include_name=lambda name, kind, parents: kind != "table" or name in metadata.tables,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
