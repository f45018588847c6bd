// in: nothing
// out: the operators, methods and members of Math that expressions may use; whatever is not listed here is refused

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

export const BINARY = words('== != === !== < <= > >= + - * / % ** & | ^ << >> >>>');
export const UNARY = words('! - + ~ typeof');

/** Comparisons: false (`!=` too) where a side is null or missing, but for a literal `null`. */
export const EQUALITY = words('== != === !==');
export const ORDERING = words('< <= > >=');

export const STRING_METHODS = words(
  'at charAt charCodeAt codePointAt concat endsWith includes indexOf lastIndexOf match normalize padEnd padStart repeat replace replaceAll ' +
    'search slice split startsWith substring toLowerCase toString toUpperCase trim trimEnd trimStart',
);

/** `reverse` and `sort` work on a copy. */
export const ARRAY_METHODS = words(
  'at concat every filter find findIndex findLast findLastIndex flat flatMap includes indexOf join lastIndexOf map reduce reduceRight ' +
    'reverse slice some sort toReversed toSorted',
);

export const NUMBER_METHODS = words('toExponential toFixed toPrecision toString');

/** Methods of a regular expression literal. */
export const REGEX_METHODS = words('test');

/** Methods whose arguments may be arrow functions. */
export const CALLBACK_METHODS = words(
  'every filter find findIndex findLast findLastIndex flatMap map reduce reduceRight replace replaceAll some sort toSorted',
);

export const METHODS: ReadonlySet<string> = new Set([...STRING_METHODS, ...ARRAY_METHODS, ...NUMBER_METHODS, ...REGEX_METHODS]);

export const MATH_CONSTANTS = words('E LN10 LN2 LOG10E LOG2E PI SQRT1_2 SQRT2');

/** All of Math but `random`, which would make a different output at every run. */
export const MATH_FUNCTIONS = words(
  'abs acos acosh asin asinh atan atan2 atanh cbrt ceil clz32 cos cosh exp expm1 floor fround hypot imul log log10 log1p log2 max min pow round ' +
    'sign sin sinh sqrt tan tanh trunc',
);

/** Ways that people write what is a function here. */
export const OTHER_NAMES: Readonly<Record<string, string>> = {
  length: 'len',
  size: 'len',
  substr: 'extract',
  regexp_extract: 'extract',
  strftime: 'format_time',
  strptime: 'parse_time',
  date_trunc: 'floor_time',
  mean: 'avg',
  average: 'avg',
  percentile: 'quantile',
  p99: 'quantile',
  stdev: 'stddev',
  variance: 'var',
  distinct: 'count_distinct',
  array_agg: 'collect',
  list: 'collect',
  ifnull: 'coalesce',
  nvl: 'coalesce',
  now: 'event_time',
};
