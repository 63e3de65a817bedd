import { expect, test } from 'vitest';
import { checkSegment, draftOf, readCondition } from './segment-draft.ts';

const when = { attribute: 'plan', operator: 'in', values: ['pro'] } as const;
const segment = {
  ...{ key: 'beta', name: 'Beta', by: 'org.id', includedCount: 0, excludedCount: 0 },
  ...{ when: { ...when, values: [...when.values] }, createdAt: '', updatedAt: '', version: 3 },
};

test('a segment survives being edited without being changed', () => {
  expect(checkSegment(draftOf(segment))).toEqual({
    ok: true,
    ready: { key: 'beta', body: { name: 'Beta', by: 'org.id', when } },
  });
});

test('what is left empty is left out, so that the server takes it away', () => {
  expect(checkSegment({ ...draftOf(undefined), key: 'beta', name: ' ' })).toEqual({
    ...{ ok: true, ready: { key: 'beta', body: {} } },
  });
});

test('each mistake is told at its field', () => {
  expect(checkSegment({ ...draftOf(undefined), key: 'Beta!', text: '{' })).toMatchObject({
    ok: false,
    errors: { key: expect.stringContaining('a-z'), when: expect.stringContaining('no condition yet') },
  });
});

test('only what is a condition is read as one, so that the form can always show it', () => {
  expect(readCondition(' \n')).toEqual({ ok: true, when: undefined });
  expect(readCondition(JSON.stringify(when))).toEqual({ ok: true, when });
  expect(readCondition('{')).toMatchObject({ problems: [expect.stringContaining('no JSON')] });
  expect(readCondition('{"all": 5}')).toMatchObject({ problems: [expect.stringMatching(/^when\.all /)] });
  expect(readCondition('[1]')).toMatchObject({ ok: false });
});
