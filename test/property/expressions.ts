// in: random choices, and the fields that there are
// out: expressions, keys, aggregates, as a person might type them

import type { Random } from './random.ts';

/** What a field mostly holds. */
export type Type = 'any' | 'number' | 'text' | 'list' | 'object' | 'time';
export type Fields = ReadonlyMap<string, Type>;

function ofType(fields: Fields, ...types: Type[]): string[] {
  return [...fields].filter(([, type]) => types.includes(type)).map(([name]) => name);
}

export function number(random: Random, fields: Fields, depth = 2): string {
  const names = ofType(fields, 'number');
  if (depth === 0 || names.length === 0 || random.chance(0.3)) return names.length > 0 && random.chance(0.8) ? random.pick(names) : String(random.int(0, 9));
  const inner = () => number(random, fields, depth - 1);
  return random.pick([
    () => `${inner()} + ${inner()}`,
    () => `(${inner()} - ${inner()})`,
    () => `${inner()} * 2`,
    () => `${inner()} % 3`,
    () => `(${random.pick(names)} ?? ${random.int(0, 5)})`,
    () => `(${condition(random, fields, depth - 1)} ? ${inner()} : ${inner()})`,
    () => `Math.abs(${inner()})`,
    () => `max_of(${inner()}, ${inner()})`,
    () => `round(${inner()})`,
    () => `coalesce(${inner()}, ${inner()})`,
  ])();
}

export function condition(random: Random, fields: Fields, depth = 2): string {
  const inner = () => condition(random, fields, depth - 1);
  const any = () => random.pick([...fields.keys()]);
  const choices = [
    () => `${number(random, fields, 1)} ${random.pick(['<', '<=', '>', '>=', '==', '!='])} ${number(random, fields, 1)}`,
    () => `${any()} ${random.pick(['==', '!='])} null`,
    () => `${any()} ${random.pick(['==', '!='])} ${random.pick(['"a"', '1', 'true', '"e"'])}`,
    () => `contains(${any()}, "a")`,
    () => `len(${any()}) > 1`,
  ];
  if (depth > 0) choices.push(() => `!(${inner()})`, () => `(${inner()} && ${inner()})`, () => `(${inner()} || ${inner()})`);
  return random.pick(choices)();
}

export function text(random: Random, fields: Fields): string {
  const name = random.pick(ofType(fields, 'text', 'any').concat('"t"'));
  return random.pick([name, `upper(${name})`, `\`<\${${name}}>\``, `trim(${name})`, `${name} + "-"`, `replace(${name}, "a", "o")`, `extract(${name}, /b(.*)/)`]);
}

/** Anything, as an assignment may have it on its right. */
export function value(random: Random, fields: Fields): { code: string; type: Type } {
  const lists = ofType(fields, 'list');
  const objects = ofType(fields, 'object');
  const choices = [
    () => ({ code: number(random, fields), type: 'number' as Type }),
    () => ({ code: condition(random, fields), type: 'any' as Type }),
    () => ({ code: text(random, fields), type: 'text' as Type }),
    () => ({ code: random.pick([...fields.keys()]), type: 'any' as Type }),
    () => ({ code: `[${number(random, fields, 1)}, "z"]`, type: 'list' as Type }),
    () => ({ code: 'undefined', type: 'any' as Type }),
  ];
  if (lists.length > 0) choices.push(() => ({ code: `${random.pick(lists)}[${random.int(0, 1)}]`, type: 'any' }));
  if (objects.length > 0) choices.push(() => ({ code: `${random.pick(objects)}.${random.pick(['a', 'b', 'zz'])}`, type: 'any' }));
  return random.pick(choices)();
}

/** KEYS, and the fields that rows have for them. */
export function keys(random: Random, fields: Fields): { code: string; fields: [string, Type][] } {
  const plain = [...fields].filter(([, type]) => type !== 'time' && type !== 'list');
  const chosen = random.some(plain, 2).map(([name, type]): { code: string; field: [string, Type] } => {
    if (random.chance(0.8)) return { code: name, field: [name, type === 'number' ? 'number' : 'any'] };
    return { code: `key_${name} = ${type === 'number' ? `${name} % 2` : `upper(${name})`}`, field: [`key_${name}`, 'any'] };
  });
  return { code: chosen.map((c) => c.code).join(random.pick([',', ', '])), fields: chosen.map((c) => c.field) };
}

function aggregate(random: Random, fields: Fields): { code: string; type: Type } {
  const any = () => random.pick([...fields].filter(([, type]) => type !== 'time').map(([name]) => name));
  const n = () => (random.chance(0.8) ? random.pick(ofType(fields, 'number').concat('1')) : number(random, fields, 1));
  const made = random.pick([
    () => ({ code: 'count()', type: 'number' }),
    () => ({ code: `count(${any()})`, type: 'number' }),
    () => ({ code: `count_if(${condition(random, fields, 1)})`, type: 'number' }),
    () => ({ code: `count_distinct(${any()})`, type: 'number' }),
    () => ({ code: `sum(${n()})`, type: 'number' }),
    () => ({ code: `avg(${n()})`, type: 'number' }),
    () => ({ code: `${random.pick(['min', 'max'])}(${random.chance(0.7) ? n() : any()})`, type: 'number' }),
    () => ({ code: `${random.pick(['first', 'last'])}(${any()})`, type: 'any' }),
    () => ({ code: `${random.pick(['var', 'stddev', 'median'])}(${n()})`, type: 'number' }),
    () => ({ code: `quantile(${n()}, ${random.pick(['0', '0.25', '0.9', '1'])})`, type: 'number' }),
    () => ({ code: `${random.pick(['collect', 'collect_set'])}(${any()})`, type: 'list' }),
    () => ({ code: `${random.pick(['arg_min', 'arg_max'])}(${any()}, ${n()})`, type: 'any' }),
    () => ({ code: `count_if(${condition(random, fields, 0)}) / count()`, type: 'number' }),
    () => ({ code: `sum(${n()}) - min(${n()})`, type: 'number' }),
  ] as (() => { code: string; type: Type })[])();
  if (!random.chance(0.1) || !/^[a-z_]+\([^()]*\)$/.test(made.code)) return made;
  return { code: `${made.code}.where(${condition(random, fields, 0)})`, type: made.type };
}

/** AGGS under names that no field has, and the fields that rows have for them. */
export function aggregates(random: Random, fields: Fields): { code: string; fields: [string, Type][] } {
  const letter = [...'abcdefgh'].find((l) => ![...fields.keys()].some((name) => name.startsWith(`${l}_`)))!;
  const chosen = Array.from({ length: random.int(1, 3) }, (_, i) => ({ name: `${letter}_${i}`, ...aggregate(random, fields) }));
  return { code: chosen.map((c) => `${c.name} = ${c.code}`).join(', '), fields: chosen.map((c) => [c.name, c.type]) };
}
