import { expect, test } from 'vitest';
import { checkSegment, draftOf } from './segment-draft.ts';

const when = { attribute: 'plan', operator: 'in', values: ['pro'] };
const segment = {
  ...{ key: 'beta', name: 'Beta', when, by: 'org.id', includedCount: 0, excludedCount: 0 },
  ...{ createdAt: '', updatedAt: '', version: 3 },
};

test('a segment survives being edited without being changed', () => {
  expect(checkSegment(draftOf(segment))).toEqual({
    ok: true,
    ready: { key: 'beta', body: { name: 'Beta', by: 'org.id', when } },
  });
});

test('what is left empty is left out, so that the server takes it away', () => {
  expect(checkSegment({ key: 'beta', name: ' ', by: '', when: '\n' })).toEqual({
    ok: true,
    ready: { key: 'beta', body: {} },
  });
});

test('each mistake is told at its field', () => {
  const checked = checkSegment({ key: 'Beta!', name: '', by: '', when: '[1]' });
  expect(checked).toMatchObject({
    ok: false,
    errors: { key: expect.stringContaining('a-z'), when: expect.stringContaining('object') },
  });
  expect(checkSegment({ key: 'b', name: '', by: '', when: '{' })).toMatchObject({
    errors: { when: expect.stringContaining('no JSON') },
  });
});
