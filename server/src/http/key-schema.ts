import { KEY_PATTERN } from '@bunting/core';
import { Type } from '@sinclair/typebox';

/** The key of a project, environment or flag. */
export const Key = Type.String({
  pattern: KEY_PATTERN,
  description: '1 to 100 of a-z, 0-9, dot, hyphen and underscore, a letter or digit at both ends',
});

/** A name for people. */
export const DisplayName = Type.String({ minLength: 1, maxLength: 200 });

export const Timestamp = Type.String({ description: 'ISO 8601, UTC, such as 2030-01-31T12:00:00.000Z' });

export function toTimestamp(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
