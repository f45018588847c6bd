// in: a SELECT, a file for its result
// out: the file, as NDJSON; run as a process of its own, so that it is measured as weir is
import { createRequire } from 'node:module';

const [select, out] = process.argv.slice(2);
const { DuckDBInstance } = createRequire(new URL('../.bench/', import.meta.url))('@duckdb/node-api');
const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
const connection = await instance.connect();
await connection.run(`COPY (${select}) TO '${out.replaceAll("'", "''")}' (FORMAT json, USE_TMP_FILE false)`);
connection.closeSync();
instance.closeSync();
