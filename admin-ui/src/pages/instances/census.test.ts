import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { InstanceGroup } from '../../api/types.ts';
import { facetOf, facets, fitting, tallyAll, tallyBy, totalOf } from './census.ts';

const text = fc.option(fc.constantFrom('a', 'b'), { nil: null });
const count = fc.nat(5);
const anyGroup: fc.Arbitrary<InstanceGroup> = fc.record({
  ...{ app: text, version: text, key: text, relay: text, server: text },
  sdk: fc.option(fc.record({ name: fc.constantFrom('node', 'go'), version: fc.constantFrom('1', '2') }), { nil: null }),
  ...{ confirmed: count, pending: count, behind: count, unknown: count, broken: count },
});

test('however instances are put together, each is counted once, the largest first', () => {
  fc.assert(
    fc.property(fc.array(anyGroup), fc.constantFrom(...facets), (groups, facet) => {
      const tallies = tallyBy(groups, facet);
      const sizes = tallies.map(([, tally]) => totalOf(tally));
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(totalOf(tallyAll(groups)));
      expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
      for (const [value, tally] of tallies) {
        expect(tallyAll(fitting(groups, { [facet]: value }))).toEqual(tally);
      }
    }),
  );
});

test('an SDK is told apart by name and version, and who has none of something is asked for by an empty text', () => {
  const counts = { confirmed: 1, pending: 0, behind: 0, unknown: 0, broken: 0 };
  const group = { app: null, version: '1.0', key: 'k', relay: null, server: null, ...counts };
  const known: InstanceGroup = { ...group, sdk: { name: 'bunting-node', version: '1.2' } };
  const old: InstanceGroup = { ...group, sdk: null };
  expect(facetOf(known, 'sdk')).toBe('bunting-node 1.2');
  expect(fitting([known, old], { sdk: '' })).toEqual([old]);
  expect(fitting([known, old], { app: '', version: '1.0' })).toEqual([known, old]);
});
