// in: a SELECT, a file for its result, and the format of that file: `ndjson`, or `lines` for one column as it is
// out: the file; run as a process of its own, so that it is measured as weir is
import { createRequire } from 'node:module';

const FORMATS = {
  ndjson: 'FORMAT json',
  lines: "FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER E'\\x01'",
};
const [select, out, format] = process.argv.slice(2);
const { DuckDBInstance } = createRequire(new URL('../.bench/', import.meta.url))('@duckdb/node-api');
const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
const connection = await instance.connect();
await connection.run(`COPY (${select}) TO '${out.replaceAll("'", "''")}' (${FORMATS[format]}, USE_TMP_FILE false)`);
connection.closeSync();
instance.closeSync();
