import { expect, test } from 'vitest';
import { checkFreeze } from './freeze-draft.ts';

const draft = { environment: 'production', name: ' Sale ', from: '2026-11-27T00:00', to: '2026-11-28T00:00' };

test('moments are of the clock of whoever types, and sent with their zone', () => {
  expect(checkFreeze(draft)).toEqual({
    ok: true,
    ready: { ...draft, name: 'Sale', from: new Date(draft.from).toISOString(), to: new Date(draft.to).toISOString() },
  });
});

test('what is missing and what cannot be is told at its field', () => {
  expect(checkFreeze({ ...draft, name: '', from: '' })).toMatchObject({
    errors: { name: expect.any(String), from: expect.any(String) },
  });
  expect(checkFreeze({ ...draft, to: draft.from })).toMatchObject({ errors: { to: expect.stringContaining('after') } });
});
