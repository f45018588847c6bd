// in: a program that uses the package
// out: what it can import

export { RecordError, UsageError, WeirError } from '../model/errors.ts';
export { parse, pipeline } from './pipeline.ts';
