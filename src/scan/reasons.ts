// in: the codes by which the scanner refuses a line (`Reason` of src/wasm/assembly/json-bytes.ts)
// out: sentences for people

const REASONS: readonly string[] = [
  '',
  'this is not a JSON object',
  'a string is not closed',
  'a control character stands in a string',
  'a string has an escape that JSON does not know',
  'the name of a member, in quotes, expected',
  "':' expected",
  'a value expected',
  "',' or '}' expected",
  "',' or ']' expected",
  "'}' expected",
  "']' expected",
  'the object is not closed',
  'something stands behind the object',
  'a number is malformed',
  'a value is malformed: neither true nor false nor null',
  'brackets are nested more than 10000 deep',
];

/** Why a line was refused. */
export function reasonText(code: number): string {
  return REASONS[code] ?? `this is not a JSON object (${code})`;
}
