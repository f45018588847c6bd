// in: a line of an access log as Apache and NGINX write them (combined, or common without the last two fields)
// out: ip, ident, user, time (ISO, UTC), method, path, protocol, status, bytes, referer, agent; `-` is null

import { jsonString, type LineFormat, Malformed } from './line.ts';

const QUOTED = '"((?:[^"\\\\]|\\\\.)*)"';
const LINE = new RegExp(`^(\\S+) (\\S+) (.*?) \\[([^\\]]+)\\] ${QUOTED} (\\d{3}|-) (\\d+|-)(?: ${QUOTED} ${QUOTED})?`);
const TIME = /^(\d{2})\/(\w{3})\/(\d{4}):(\d{2}:\d{2}:\d{2}) ([+-])(\d{2})(\d{2})$/;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

export function combined(): LineFormat {
  return { encoding: 'latin1', parse: (line) => (line === '' ? undefined : parse(line)) };
}

function parse(line: string): string {
  const match = LINE.exec(line);
  if (!match) throw new Malformed('the line is not in the combined log format');
  const [, ip, ident, user, when, request, status, bytes, referer, agent] = match;
  const [method, path, protocol] = splitRequest(request!);
  return (
    `{"ip":${field(ip)},"ident":${field(ident)},"user":${field(user)},"time":"${isoTime(when!)}",` +
    `"method":${field(method)},"path":${field(path)},"protocol":${field(protocol)},` +
    `"status":${number(status!)},"bytes":${number(bytes!)},"referer":${field(referer)},"agent":${field(agent)}}`
  );
}

/** A request that is no `METHOD PATH PROTOCOL` is kept whole as the path. */
function splitRequest(request: string): (string | undefined)[] {
  const match = /^([A-Za-z]+) (.*?)(?: (HTTP\/[\d.]+))?$/.exec(request);
  return match ? match.slice(1) : [undefined, request, undefined];
}

function field(text: string | undefined): string {
  if (text === undefined || text === '-') return 'null';
  return jsonString(text.includes('\\') ? text.replace(/\\(["\\])/g, '$1') : text);
}

function number(text: string): string {
  return text === '-' ? 'null' : text.replace(/^0+(?=\d)/, '');
}

let lastText = '';
let lastIso = '';

/** Neighbours mostly have the same second. */
function isoTime(text: string): string {
  if (text !== lastText) [lastText, lastIso] = [text, convert(text)];
  return lastIso;
}

function convert(text: string): string {
  const match = TIME.exec(text);
  const month = match ? MONTHS.indexOf(match[2]!) : -1;
  if (!match || month < 0) throw new Malformed(`'${text}' is no time of an access log`);
  const [, day, , year, clock, sign, hours, minutes] = match;
  const local = Date.parse(`${year}-${String(month + 1).padStart(2, '0')}-${day}T${clock}Z`);
  const offset = (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -60_000 : 60_000);
  if (Number.isNaN(local)) throw new Malformed(`'${text}' is no time of an access log`);
  return new Date(local - offset).toISOString().replace('.000Z', 'Z');
}
