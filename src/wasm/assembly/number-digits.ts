// in: digits in a word or in a block of 16 bytes, each less its `0`
// out: the number that they spell, without a loop

/** Masks of the first n bytes of a word, for n from 0 to 8; that of 9 is nothing. */
const FIRST_BYTES = memory.data<u64>([
  0, 0xff, 0xffff, 0xffffff, 0xffffffff, 0xffffffffff, 0xffffffffffff, 0xffffffffffffff, 0xffffffffffffffff, 0,
]);

// @ts-ignore: decorator
@inline
export function firstBytes(n: usize): u64 {
  return load<u64>(FIRST_BYTES + (n << 3));
}

/** Whether each byte is from 0 to 9. */
// @ts-ignore: decorator
@inline
export function areDigits(bytes: u64): bool {
  return ((bytes | (bytes + 0x0606060606060606)) & 0xf0f0f0f0f0f0f0f0) == 0;
}

/** The number that 8 digits spell, each a byte from 0 to 9, the first one lowest. */
// @ts-ignore: decorator
@inline
export function eightDigits(digits: u64): u64 {
  const pairs = ((digits * 2561) >> 8) & 0x00ff00ff00ff00ff;
  const fours = ((pairs * 6553601) >> 16) & 0x0000ffff0000ffff;
  return (fours * 42949672960001) >> 32;
}

/** The number that 16 digits spell, each a byte from 0 to 9. */
// @ts-ignore: decorator
@inline
export function sixteenDigits(digits: v128): u64 {
  const even = v128.and(digits, i16x8.splat(0xff));
  const pairs = i16x8.add(i16x8.mul(even, i16x8.splat(10)), i16x8.shr_u(digits, 8));
  const fours = i32x4.dot_i16x8_s(pairs, i32x4.splat(0x00010064)); // × 100, × 1
  const eights = i32x4.dot_i16x8_s(i16x8.narrow_i32x4_s(fours, fours), i32x4.splat(0x00012710)); // × 10000, × 1
  return <u64>i32x4.extract_lane(eights, 0) * 100000000 + <u64>i32x4.extract_lane(eights, 1);
}
