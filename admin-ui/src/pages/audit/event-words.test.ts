import { expect, test } from 'vitest';
import type { AuditEvent } from '../../api/types.ts';
import { canBeUndone, reasonOf, targetName, verbOf } from './event-words.ts';

test('actions read as what someone did, also those that nobody thought of', () => {
  expect(
    ['flag.killed', 'flag.environment.updated', 'webhook.secret-rotated', 'moon.landed-on.twice'].map(verbOf),
  ).toEqual(['killed', 'changed', 'made a new secret for', 'landed on twice']);
});

const event = (part: Partial<AuditEvent>) =>
  ({ target: { kind: 'user', key: 'x' }, before: null, after: null, ...part }) as AuditEvent;

test('an id is replaced by the name that the event knows, a key never', () => {
  const target = { kind: 'user', key: '01a1fedf-6c91-700c-a873-95700ecf5fa7' };
  expect(targetName(event({ target, after: { email: 'ada@example.com' } }))).toBe('ada@example.com');
  expect(targetName(event({ target, before: { name: 'Ada' } }))).toBe('Ada');
  expect(targetName(event({ target }))).toBe(target.key);
  expect(targetName(event({ target: { kind: 'flag', key: 'a' }, after: { name: 'A' } }))).toBe('a');
});

test('the reason is the comment, or what a kill says of itself', () => {
  expect(reasonOf(event({ comment: 'why', after: { reason: 'no' } }))).toBe('why');
  expect(reasonOf(event({ after: { reason: 'errors' } }))).toBe('errors');
  expect(reasonOf(event({ after: { reason: 7 } }))).toBeUndefined();
});

test('only what the server can undo is offered to be undone', () => {
  expect(['flag.updated', 'segment.keys.cleared', 'flag.environment.updated'].every(canBeUndone)).toBe(true);
  expect(['flag.killed', 'user.created', 'flag.rearmed'].some(canBeUndone)).toBe(false);
});
