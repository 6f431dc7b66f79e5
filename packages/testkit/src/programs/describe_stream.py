"""Reads an Arrow IPC stream with pyarrow, checks it, and prints types and values of its columns as JSON."""

import base64
import json
import sys

import pyarrow


def plain(value):
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if hasattr(value, "isoformat"):
        return value.isoformat()
    raise TypeError(type(value))


table = pyarrow.ipc.open_stream(sys.argv[1]).read_all()
table.validate(full=True)
columns = [
    {"name": field.name, "type": str(field.type), "nullable": field.nullable, "values": column.to_pylist()}
    for field, column in zip(table.schema, table.columns)
]
json.dump(columns, sys.stdout, default=plain)
