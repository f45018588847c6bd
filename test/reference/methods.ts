// in: nothing
// out: the methods of strings, arrays and numbers that expressions may call

const STRING = 'at charAt charCodeAt codePointAt concat endsWith includes indexOf lastIndexOf match normalize padEnd padStart repeat replace replaceAll search slice split startsWith substring toLowerCase toString toUpperCase trim trimEnd trimStart';
const ARRAY = 'at concat every filter find findIndex findLast findLastIndex flat flatMap includes indexOf join lastIndexOf map reduce reduceRight reverse slice some sort';
const NUMBER = 'toExponential toFixed toPrecision toString';
export const METHODS: Readonly<Record<'string' | 'array' | 'number', readonly string[]>> = {
  string: STRING.split(' '),
  array: ARRAY.split(' '),
  number: NUMBER.split(' '),
};
