"""What Alembic runs: the steps, on the connection and in the transaction that it is given."""

from alembic import context
from fuping.layers.stores.postgis.tables import SCHEMA, VERSION_TABLE, metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    version_table_schema=SCHEMA,
    include_schemas=True,
)
with context.begin_transaction():
    context.run_migrations()
