"""Reads an Arrow IPC stream with pyarrow and writes what it has read as another, metadata included."""

import sys

import pyarrow

table = pyarrow.ipc.open_stream(sys.argv[1]).read_all()
with pyarrow.OSFile(sys.argv[2], "wb") as target:
    with pyarrow.ipc.new_stream(target, table.schema) as writer:
        writer.write_table(table)
