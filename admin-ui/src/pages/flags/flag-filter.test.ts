import { expect, test } from 'vitest';
import type { FlagsSearch } from '../../searches.ts';
import { everything, filterOf, narrowings } from './flag-filter.ts';

const all: Required<FlagsSearch> = {
  ...{ search: 'check', type: 'boolean', kind: 'release', tag: 'shop', owner: 'Ada', on: 'production', off: 'staging' },
  ...{ stale: true, killed: true, archived: true, sort: 'recent', create: true },
};

test('an address becomes what the server is asked for', () => {
  expect(filterOf({ off: 'production', tag: 'shop', sort: 'recent', create: true })).toEqual({
    ...{ tag: 'shop', environment: 'production', enabled: false, sort: '-updatedAt' },
  });
  expect(filterOf(all)).toMatchObject({ environment: 'production', enabled: true });
});

test('each narrowing can be taken away by itself, and all at once', () => {
  let rest: FlagsSearch = all;
  const names = narrowings(all).map(({ name }) => name);
  expect(names).toContain('On in production');
  for (const { without } of narrowings(all)) rest = { ...rest, ...without };
  expect(narrowings({ ...rest, off: undefined })).toEqual([]);
  expect(narrowings({ ...all, ...everything })).toEqual([]);
  expect(filterOf({ ...all, ...everything, archived: undefined, sort: undefined })).toEqual(
    Object.fromEntries(Object.keys(filterOf(everything)).map((key) => [key, undefined])),
  );
});
