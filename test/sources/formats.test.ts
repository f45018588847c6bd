// in: lines of each format
// out: the NDJSON that they become, whatever the size of reads

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { RecordError } from '../../src/model/errors.ts';
import { parseFormat } from '../../src/model/format.ts';
import { FormatReader } from '../../src/sources/formats/reader.ts';
import { NewlineReader } from '../../src/sources/reader.ts';
import { BytesReader, readAll } from './support.ts';

/** Reads in pieces of several sizes; all must give the same. */
async function convert(format: string, text: string): Promise<string[]> {
  const results: string[] = [];
  for (const size of [1, 3, 7, 1 << 16]) {
    const bad: string[] = [];
    const source = new NewlineReader(new BytesReader(Buffer.from(text), size));
    const reader = new FormatReader(source, parseFormat(format), 'in', (error) => bad.push(`${error.line}: ${error.reason}`));
    results.push((await readAll(reader)) + bad.join('\n'));
  }
  for (const result of results) assert.equal(result, results[0]);
  return results[0]!.split('\n').filter((line) => line !== '');
}

describe('csv', () => {
  test('numbers keep their literals, empty is null', async () => {
    assert.deepEqual(await convert('csv', 'a,b\n1.10,007\n-1e5,\n"1","x"\n.5,NaN\n'), ['{"a":1.10,"b":"007"}', '{"a":-1e5,"b":null}', '{"a":1,"b":"x"}', '{"a":".5","b":"NaN"}']);
  });

  test('quotes, newlines in cells, \\r\\n, UTF-8', async () => {
    assert.deepEqual(await convert('csv', 'näme,"b, c"\r\n"say ""hi""","x\r\ny"\r\nö,2'), ['{"näme":"say \\"hi\\"","b, c":"x\\ny"}', '{"näme":"ö","b, c":2}']);
  });

  test('what is wrong with a row', async () => {
    assert.deepEqual(await convert('csv', 'a,b\n1\n2,3\n"4"x,5\n6,7"\n8,"9\n'), [
      '{"a":2,"b":3}',
      '2: the row has 1 cells, the header 2',
      "4: 'x' behind a closing quote",
      '5: a quote within a cell that does not start with one',
      '6: a quote is not closed',
    ]);
  });

  test('one column may be empty, blank lines otherwise are none', async () => {
    assert.deepEqual(await convert('csv', 'a\n\n1\n'), ['{"a":null}', '{"a":1}']);
    assert.deepEqual(await convert('csv', 'a,b\n\n1,2\n\n'), ['{"a":1,"b":2}']);
  });
});

test('tsv', async () => {
  assert.deepEqual(await convert('tsv', 'a\tb\n1\tx "y"\n\\t\\\\\t\n'), ['{"a":1,"b":"x \\"y\\""}', '{"a":"\\t\\\\","b":null}']);
});

test('logfmt', async () => {
  assert.deepEqual(await convert('logfmt', 'level=info msg="a \\"b\\" c" n=1.50 ok\n\nempty= q=""\n'), ['{"level":"info","msg":"a \\"b\\" c","n":1.50,"ok":true}', '{"empty":"","q":""}']);
  assert.deepEqual(await convert('logfmt', 'a=1 ="x"\n'), ["1: '=\"x\"' is no name=value"]);
});

describe('combined', () => {
  test('all fields', async () => {
    const line = '1.2.3.4 - bob [17/May/2015:10:05:03 +0200] "GET /a?b=\\"c\\" HTTP/1.1" 200 1234 "-" "curl/8"';
    const json = '{"ip":"1.2.3.4","ident":null,"user":"bob","time":"2015-05-17T08:05:03Z","method":"GET","path":"/a?b=\\"c\\"","protocol":"HTTP/1.1","status":200,"bytes":1234,"referer":null,"agent":"curl/8"}';
    assert.deepEqual(await convert('combined', `${line}\n`), [json]);
  });

  test('common format, no request', async () => {
    const json = '{"ip":"::1","ident":null,"user":null,"time":"2024-02-29T00:00:00Z","method":null,"path":null,"protocol":null,"status":408,"bytes":null,"referer":null,"agent":null}';
    assert.deepEqual(await convert('combined', '::1 - - [29/Feb/2024:00:00:00 +0000] "-" 408 -\nnonsense\n'), [json, '2: the line is not in the combined log format']);
  });
});

test('text', async () => {
  assert.deepEqual(await convert('text', 'a "b"\tc\n\nö\r\n'), ['{"line":"a \\"b\\"\\tc"}', '{"line":""}', '{"line":"ö"}']);
});

test('regex', async () => {
  assert.deepEqual(await convert('regex:/(?<who>\\p{L}+) (?<n>\\d+)(?<rest>x)?/u', 'Jörg 12\n?\n'), ['{"who":"Jörg","n":12,"rest":null}', '2: the line does not match the pattern of --format']);
  assert.throws(() => parseFormat('regex:/(a)/'), /no named group/);
});

test('records before a malformed one come first', async () => {
  const reader = new FormatReader(new NewlineReader(new BytesReader(Buffer.from('a\n1\n2\n"x"y\n'), 100)), parseFormat('csv'), 'in');
  const into = Buffer.alloc(1000);
  assert.equal(into.toString('utf8', 0, await reader.read(into, 0, 1000)), '{"a":1}\n{"a":2}\n');
  await assert.rejects(reader.read(into, 0, 1000), (error) => error instanceof RecordError && error.line === 4);
});
