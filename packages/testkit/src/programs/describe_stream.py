"""Reads the Arrow IPC streams of a file with pyarrow, checks them, and prints types and values of their columns as JSON."""

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


def describe(field, column):
    values = column.to_pylist()
    # JSON's numbers are doubles to JavaScript.
    if pyarrow.types.is_int64(field.type):
        values = [str(value) for value in values]
    return {"name": field.name, "type": str(field.type), "nullable": field.nullable, "values": values}


streams = []
source = pyarrow.OSFile(sys.argv[1])
while source.tell() < source.size():
    table = pyarrow.ipc.open_stream(source).read_all()
    table.validate(full=True)
    streams.append([describe(field, column) for field, column in zip(table.schema, table.columns)])
json.dump(streams, sys.stdout, default=plain)
