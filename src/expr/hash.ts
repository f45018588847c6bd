// in: bytes
// out: MurmurHash3 of them, 32 bits (Austin Appleby's x86_32 variant, public domain)

/** An unsigned 32-bit hash, the same on every machine and in every run. */
export function murmur3(bytes: Uint8Array, seed: number): number {
  let hash = seed;
  const whole = bytes.length & ~3;
  for (let i = 0; i < whole; i += 4) {
    hash ^= scramble(bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24));
    hash = (hash << 13) | (hash >>> 19);
    hash = (Math.imul(hash, 5) + 0xe6546b64) | 0;
  }
  let rest = 0;
  for (let i = bytes.length - 1; i >= whole; i--) rest = (rest << 8) | bytes[i]!;
  if (whole < bytes.length) hash ^= scramble(rest);
  return finish(hash ^ bytes.length);
}

function scramble(block: number): number {
  const mixed = Math.imul(block, 0xcc9e2d51);
  return Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
}

function finish(hash: number): number {
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

const scratch = Buffer.allocUnsafe(4096);

/** A text's UTF-8 bytes, valid until the next call. */
export function utf8Bytes(text: string): Uint8Array {
  // three bytes a UTF-16 unit at most
  if (text.length * 3 > scratch.length) return Buffer.from(text, 'utf8');
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 127) return scratch.subarray(0, scratch.utf8Write(text, 0));
    scratch[i] = unit;
  }
  return scratch.subarray(0, text.length);
}

/** The hash of a text's UTF-8 bytes. */
export function hashText(text: string, seed = 0): number {
  return murmur3(utf8Bytes(text), seed);
}
