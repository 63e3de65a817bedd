import { expect, test } from 'vitest';
import type { DataSource } from '../../api/types.ts';
import { checkSource, draftOf } from './source-draft.ts';

const source: DataSource = {
  ...{
    key: 'main',
    name: 'Main',
    url: 'https://prometheus.example.com',
    auth: 'bearer',
    usedBy: [],
    usedByReleases: [],
    usedByTemplates: [],
    version: 2,
  },
  ...{ createdAt: '', updatedAt: '' },
};

test('what a source asks for is sent only when it is typed anew', () => {
  const { key, name, url } = source;
  const draft = draftOf(source);
  expect(checkSource(draft)).toEqual({ ok: true, ready: { key, name, url } });
  const auth = { kind: 'basic', username: 'ann', password: 'p' } as const;
  expect(checkSource({ ...draft, auth: 'basic', username: 'ann', password: 'p' })).toEqual({
    ok: true,
    ready: { key, name, url, auth },
  });
});

test('what is missing is said where it is missing', () => {
  const checked = checkSource({ ...draftOf(undefined), auth: 'bearer' });
  expect(checked.ok ? [] : Object.keys(checked.errors).sort()).toEqual(['key', 'name', 'token', 'url']);
});
