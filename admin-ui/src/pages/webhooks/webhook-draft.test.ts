import { expect, test } from 'vitest';
import { checkWebhook, draftOf, hearsWords } from './webhook-draft.ts';

const draft = { ...draftOf(undefined), name: 'Ops', url: 'https://example.com/hook' };

test('what a webhook hears of becomes its filter, and is told in words', () => {
  const ready = (part: object) => {
    const checked = checkWebhook({ ...draft, ...part });
    return checked.ok ? checked.ready.filter : checked.errors;
  };
  expect(ready({})).toEqual({});
  expect(ready({ hears: 'urgent', environments: ['production'] })).toEqual({
    ...{ actions: ['urgent'], environments: ['production'] },
  });
  expect(ready({ hears: 'some', actions: 'flag.killed,\n segment.*' })).toEqual({
    actions: ['flag.killed', 'segment.*'],
  });
  expect(hearsWords({})).toBe('everything');
  expect(hearsWords({ actions: ['urgent'], environments: ['production'] })).toBe('urgent in production');
});

test('the address fits the format, and each mistake is told at its field', () => {
  const errorsOf = (part: object) => checkWebhook({ ...draft, ...part });
  expect(errorsOf({ format: 'email' })).toMatchObject({ errors: { url: expect.stringContaining('mailto:') } });
  expect(errorsOf({ format: 'email', url: 'mailto:ops@example.com' })).toMatchObject({ ok: true });
  expect(errorsOf({ url: 'example.com', name: ' ' })).toMatchObject({
    errors: { url: expect.stringContaining('https://'), name: expect.any(String) },
  });
  expect(errorsOf({ hears: 'some', actions: ' , ' })).toMatchObject({ errors: { actions: expect.any(String) } });
});

test('a webhook survives being edited without being changed, whatever it hears of', () => {
  const webhook = {
    ...{ id: '1', name: 'Ops', url: 'https://example.com/hook', format: 'slack' as const, enabled: true },
    ...{ disabledReason: null, failingSince: null, version: 1, createdAt: '', updatedAt: '' },
  };
  for (const filter of [
    {},
    { actions: ['urgent'] },
    { actions: ['urgent', 'flag.*'], environments: ['production', 'staging'] },
  ]) {
    const { name, url, format } = webhook;
    const ready = { name, url, format, filter };
    expect(checkWebhook(draftOf({ ...webhook, filter }))).toEqual({ ok: true, ready });
  }
});
