// in: what the system says about an input
// out: an error that names the input and says what to do

import { Exit, WeirError } from '../model/errors.ts';
import { type Meanings, systemError } from '../model/system-error.ts';

const MEANINGS: Meanings = {
  ENOENT: ['no such file', 'check the name; FILEs come behind the arguments of the last stage'],
  EACCES: ['may not be read', 'check its permissions'],
  EPERM: ['may not be read', 'check its permissions'],
  EISDIR: ['is a directory', 'name the files in it, such as DIR/*.ndjson'],
  ENOTDIR: ['no such file: a part of its path is no directory', 'check the name'],
  EMFILE: ['too many files are open', 'raise the limit (ulimit -n)'],
  EIO: ['the device failed while it was read'],
};

/** @param name file name, or `stdin` */
export function inputError(error: unknown, name: string): WeirError {
  return systemError(error, name, MEANINGS);
}

/** What an input is now does not fit where the snapshot was taken (exit 3). @param what such as `has become shorter` */
export function otherInput(name: string, what: string): WeirError {
  return new WeirError(`${name} ${what}: this is not the input the snapshot was taken on`, Exit.snapshot, 'give the same input again, or start anew with --fresh');
}
