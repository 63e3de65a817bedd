/**
 * MurmurHash3 x86_32 with seed 0 over UTF-8 bytes, split in two: the state after a prefix is computed once, then each
 * value continues from it. Written for the hot path: nothing is allocated, ASCII is read straight from the string, and
 * results are signed, because V8 boxes an unsigned 32-bit return value.
 *
 * Source of the algorithm: Austin Appleby, MurmurHash3.cpp (public domain).
 */

/** What hashing a prefix leaves behind. */
export interface MurmurState {
  /** The hash after the prefix's whole 4-byte blocks. */
  readonly hash: number;
  /** The 0 to 3 bytes after them, little-endian. */
  readonly tail: number;
  /** How many bits of `tail` are used: 0, 8, 16 or 24. */
  readonly tailBits: number;
  /** Bytes in the prefix. */
  readonly byteCount: number;
}

function scramble(block: number): number {
  const k = Math.imul(block, 0xcc9e2d51);
  return Math.imul((k << 15) | (k >>> 17), 0x1b873593);
}

function mix(hash: number, block: number): number {
  const h = hash ^ scramble(block);
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
}

function finish(hash: number, tail: number, byteCount: number): number {
  let h = hash ^ scramble(tail) ^ byteCount;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** The state after `prefix`. */
export function murmurPrefix(prefix: string): MurmurState {
  let hash = 0;
  let tail = 0;
  let tailBits = 0;
  const bytes = utf8(prefix);
  for (const byte of bytes) {
    tail |= byte << tailBits;
    tailBits += 8;
    if (tailBits === 32) {
      hash = mix(hash, tail);
      tail = 0;
      tailBits = 0;
    }
  }
  return { hash, tail, tailBits, byteCount: bytes.length };
}

/** The hash of the prefix followed by `text`, as a signed 32-bit integer (`>>> 0` gives the usual unsigned one). */
export function murmur(state: MurmurState, text: string): number {
  let hash = state.hash;
  let tail = state.tail;
  let bits = state.tailBits;
  const length = text.length;
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 127) return murmurUnicode(state, text);
    tail |= unit << bits;
    if (bits === 24) {
      hash = mix(hash, tail);
      tail = 0;
      bits = 0;
    } else {
      bits += 8;
    }
  }
  return finish(hash, tail, state.byteCount + length);
}

/** As `murmur`, for text that is not all ASCII. */
function murmurUnicode(state: MurmurState, text: string): number {
  let hash = state.hash;
  let tail = state.tail;
  let bits = state.tailBits;
  let byteCount = state.byteCount;
  const length = text.length;
  for (let i = 0; i < length; i++) {
    const point = scalarAt(text, i);
    if (point > 0xffff) i++;
    const count = utf8Length(point);
    for (let n = 0; n < count; n++) {
      tail |= utf8Byte(point, n, count) << bits;
      if (bits === 24) {
        hash = mix(hash, tail);
        tail = 0;
        bits = 0;
      } else {
        bits += 8;
      }
    }
    byteCount += count;
  }
  return finish(hash, tail, byteCount);
}

function utf8(text: string): number[] {
  const bytes: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const point = scalarAt(text, i);
    if (point > 0xffff) i++;
    const count = utf8Length(point);
    for (let n = 0; n < count; n++) bytes.push(utf8Byte(point, n, count));
  }
  return bytes;
}

/** The code point at `index`; a lone surrogate reads as U+FFFD, as `TextEncoder` writes it. */
function scalarAt(text: string, index: number): number {
  const point = text.codePointAt(index) ?? 0xfffd;
  return point >= 0xd800 && point <= 0xdfff ? 0xfffd : point;
}

function utf8Length(point: number): number {
  return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
}

/** Byte `n` of the `count` bytes that encode `point`. */
function utf8Byte(point: number, n: number, count: number): number {
  if (count === 1) return point;
  const bitsBelow = 6 * (count - 1 - n);
  if (n > 0) return 0x80 | ((point >> bitsBelow) & 0x3f);
  return ((0xf00 >> count) & 0xff) | (point >> bitsBelow);
}
