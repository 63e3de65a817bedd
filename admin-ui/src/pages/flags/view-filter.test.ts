import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FlagsSearch } from '../../searches.ts';
import { isShown, searchOf, viewFilterOf } from './view-filter.ts';

const text = fc.string({ minLength: 1, maxLength: 20 });
const yes = fc.constant(true as const);
const searches: fc.Arbitrary<FlagsSearch> = fc.oneof(
  ...(['on', 'off'] as const).map((side) =>
    fc.record(
      {
        ...{ search: text, owner: text, tag: text, [side]: text, stale: yes, killed: yes, archived: yes },
        type: fc.constantFrom('boolean', 'string', 'number', 'object'),
        kind: fc.constantFrom('release', 'experiment', 'operational', 'permission', 'migration'),
        sort: fc.constant('recent'),
      },
      { requiredKeys: [] },
    ),
  ),
) as fc.Arbitrary<FlagsSearch>;

test('whatever the list shows is kept by a view and shown by it again', () => {
  fc.assert(
    fc.property(searches, (search) => {
      const filter = viewFilterOf({ ...search, create: true });
      expect(searchOf(filter)).toEqual(search);
      expect(isShown(filter, search)).toBe(true);
      expect(isShown(filter, { ...search, search: `${search.search}!` })).toBe(false);
    }),
  );
});

test('what the list has no place for is left out, and stands against no view being the shown one', () => {
  const filter = { clientVisible: true, sort: 'name', stale: false, environment: 'production' } as const;
  expect(searchOf(filter)).toEqual({});
});
