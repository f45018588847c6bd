// in: a key's encoded bytes
// out: the key group that it is in, the same wherever it is computed

import { KEY_GROUPS } from '../model/state.ts';

const GROUP_BITS = Math.log2(KEY_GROUPS);
/** The factor of kernel hashBytes, in halves, the lower one in quarters. */
const [HIGH, LOW, LOW_HIGH, LOW_LOW] = [0xd6e8feb8, 0x6659fd93, 0x6659, 0xfd93];

/**
 * The key group of a key whose kernel hash (`hashKey`, `Keys.hash`) is known. It is in the hash's upper bits: tables find their buckets
 * by the lower ones, which must not be alike for the keys of one subtask.
 */
export const groupOfHash = (hash: number): number => hash >>> (32 - GROUP_BITS);

/** The key group of a key. @param key its encoded bytes, one char a byte (Keys.text) */
export const keyGroup = (key: string): number => groupOfHash(hashKey(key));

/** What the kernel hashKey gives for these bytes: 64-bit arithmetic on two halves. */
export function hashKey(key: string): number {
  const length = key.length;
  let [low, high] = [0x7f4a7c15 ^ length, 0x9e3779b9];
  for (let at = 0; at < length; at += 8) {
    low ^= word(key, at);
    if (at + 4 < length) high ^= word(key, at + 4);
    high = highProduct(low, high);
    low = Math.imul(low, LOW) ^ high;
  }
  high = highProduct(low, high);
  return (Math.imul(low, LOW) ^ high) >>> 0;
}

/** Up to four bytes from `at` on, the first one lowest. */
function word(key: string, at: number): number {
  let bits = 0;
  for (let i = Math.min(key.length, at + 4) - 1; i >= at; i--) bits = (bits << 8) | key.charCodeAt(i);
  return bits;
}

/** The upper half of (high · 2^32 + low) times the factor, modulo 2^64; the lower one is imul(low, LOW). */
function highProduct(low: number, high: number): number {
  const [a, b] = [low >>> 16, low & 0xffff];
  const middle = a * LOW_LOW + ((b * LOW_LOW) >>> 16);
  const other = b * LOW_HIGH + (middle & 0xffff);
  return (a * LOW_HIGH + (middle >>> 16) + (other >>> 16) + Math.imul(low, HIGH) + Math.imul(high, LOW)) | 0;
}
