"""JSON lines to Parquet with pyarrow's own defaults but for the row groups: to_parquet.py IN OUT [ROWS]."""
import json
import sys

import pyarrow as pa
import pyarrow.parquet as pq

source, target, *more = sys.argv[1:]
rows = int(more[0]) if more else 20_000
writer = None
with open(source) as lines:
    while True:
        batch = [json.loads(line) for _, line in zip(range(rows), lines)]
        if not batch:
            break
        table = pa.Table.from_pylist(batch, schema=writer.schema if writer else None)
        writer = writer or pq.ParquetWriter(target, table.schema, compression="zstd")
        writer.write_table(table)
writer.close()
