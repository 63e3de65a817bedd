import type { Flags } from '@bunting/node';

const count = 2_000;

/** For which of 2 000 subjects a boolean flag is on: a text of as many `1` and `0`. */
export function answersBySubject(flags: Flags, key: string): string {
  return Array.from({ length: count }, (_, index) =>
    flags.isEnabled(key, { targetingKey: `user-${index}` }) ? '1' : '0',
  ).join('');
}

/** How many of them that are. */
export function countBySubject(flags: Flags, key: string): number {
  return answersBySubject(flags, key).replaceAll('0', '').length;
}
