// in: an NDJSON line
// out: its fields as cells of text, literals kept

export type Cells = Map<string, string>;

/** Fields of one JSON object in order: strings as they read, numbers as they are written, null as nothing, the rest as JSON. The line must be valid. */
export function cellsOf(line: string): Cells {
  const cells: Cells = new Map();
  let at = blanks(line, line.indexOf('{') + 1);
  while (line[at] !== '}') {
    const keyEnd = stringEnd(line, at);
    const start = blanks(line, blanks(line, keyEnd) + 1);
    const end = valueEnd(line, start);
    cells.set(unquote(line.slice(at, keyEnd)), cellOf(line.slice(start, end)));
    at = blanks(line, end);
    if (line[at] === ',') at = blanks(line, at + 1);
  }
  return cells;
}

function cellOf(json: string): string {
  if (json === 'null') return '';
  return json[0] === '"' ? unquote(json) : json;
}

function unquote(json: string): string {
  return json.includes('\\') ? JSON.parse(json) : json.slice(1, -1);
}

function blanks(line: string, at: number): number {
  while (line[at] === ' ' || line[at] === '\t' || line[at] === '\r') at++;
  return at;
}

/** Behind the closing quote of the string that starts here. */
function stringEnd(line: string, start: number): number {
  for (let at = start + 1; ; at++) {
    if (line[at] === '\\') at++;
    else if (line[at] === '"') return at + 1;
  }
}

/** Behind the value that starts here. */
function valueEnd(line: string, start: number): number {
  const c = line[start];
  if (c === '"') return stringEnd(line, start);
  if (c !== '{' && c !== '[') return start + /[^\s,}\]]*/.exec(line.slice(start))![0].length;
  for (let at = start, depth = 0; ; at++) {
    if (line[at] === '"') at = stringEnd(line, at) - 1;
    else if (line[at] === '{' || line[at] === '[') depth++;
    else if ((line[at] === '}' || line[at] === ']') && --depth === 0) return at + 1;
  }
}
