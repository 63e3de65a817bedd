import type { Adapter } from '../adapter.ts';
import type { Subject } from '../data-set.ts';

/** The hash alone: murmur3 of a 13-character id, its state after the prefix known, compared with a bound. */
export const adapter: Adapter<Subject> = {
  write: () => '',
  start: async () => ({ isEnabled: (_key, subject) => isInFirst(50, subject.id), stop() {} }),
  contextOf: (subject) => subject,
};

/** Whether murmur3 (x86, 32 bits, seed 0) of an ASCII string falls into the first `percent` of its range. */
export function isInFirst(percent: number, ascii: string): boolean {
  // Both sides as int32 with the sign flipped: an unsigned hash above 2^31 would be boxed, 8 bytes a call.
  return (murmur3(ascii) ^ 0x80000000) < (percent / 100) * 2 ** 32 - 2 ** 31;
}

function murmur3(ascii: string): number {
  let hash = 0;
  const length = ascii.length;
  const whole = length - (length % 4);
  for (let i = 0; i < whole; i += 4) {
    const block =
      ascii.charCodeAt(i) |
      (ascii.charCodeAt(i + 1) << 8) |
      (ascii.charCodeAt(i + 2) << 16) |
      (ascii.charCodeAt(i + 3) << 24);
    hash ^= mixed(block);
    hash = (hash << 13) | (hash >>> 19);
    hash = (Math.imul(hash, 5) + 0xe6546b64) | 0;
  }
  let tail = 0;
  for (let i = length - 1; i >= whole; i--) tail = (tail << 8) | ascii.charCodeAt(i);
  hash ^= mixed(tail);
  hash ^= length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

function mixed(block: number): number {
  const product = Math.imul(block, 0xcc9e2d51);
  return Math.imul((product << 15) | (product >>> 17), 0x1b873593);
}
