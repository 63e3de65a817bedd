import { randomBytes } from 'node:crypto';

let lastMs = 0;
let sequence = 0;

/**
 * A new identifier: a UUID of version 7 (RFC 9562, section 5.7, counter of method 1). Identifiers made by one process
 * sort in the order they were made, also within a millisecond and when the clock steps back.
 */
export function newId(nowMs: number = Date.now()): string {
  if (nowMs > lastMs) {
    lastMs = nowMs;
    sequence = 0;
  } else if (++sequence > 0xfff) {
    lastMs += 1;
    sequence = 0;
  }
  const time = lastMs.toString(16).padStart(12, '0');
  const counter = sequence.toString(16).padStart(3, '0');
  const random = randomBytes(8);
  random[0] = ((random[0] ?? 0) & 0x3f) | 0x80;
  const tail = random.toString('hex');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${counter}-${tail.slice(0, 4)}-${tail.slice(4)}`;
}

/** A new identifier that sorts after another one, which another process may have made by a clock that is ahead of this one's. */
export function newIdAfter(before: string | undefined, nowMs: number): string {
  const id = newId(nowMs);
  return before === undefined || id > before ? id : newId(timeOf(before) + 1);
}

/** Milliseconds since 1970, UTC. */
function timeOf(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

/** The lowest identifier that can be made at a moment. */
export function firstIdOf(atMs: number): string {
  const time = Math.max(0, atMs).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000`;
}
