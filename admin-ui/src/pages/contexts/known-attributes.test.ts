import { expect, test } from 'vitest';
import type { Attribute } from '../../api/types.ts';
import { examplesOf, knownAttributes } from './known-attributes.ts';

const seen = (path: string, type: string, source: Attribute['source'], lastSeenAt: string): Attribute => ({
  ...{ path, type, source, lastSeenAt, firstSeenAt: '2026-11-01T00:00:00.000Z' },
});

test('an attribute is told once, with all its types, and as of pages only where no service has it', () => {
  const known = knownAttributes([
    seen('org.plan', 'string', 'server', '2026-11-20T00:00:00.000Z'),
    seen('plan', 'number', 'server', '2026-11-19T00:00:00.000Z'),
    seen('plan', 'string', 'page', '2026-11-21T00:00:00.000Z'),
    seen('screen', 'string', 'page', '2026-11-18T00:00:00.000Z'),
  ]);
  expect(known.map(({ path, types, isOfPages, lastSeenAt }) => [path, types, isOfPages, lastSeenAt])).toEqual([
    ['org.plan', ['string'], false, '2026-11-20T00:00:00.000Z'],
    ['plan', ['number', 'string'], false, '2026-11-21T00:00:00.000Z'],
    ['screen', ['string'], true, '2026-11-18T00:00:00.000Z'],
  ]);
});

test('examples are values of contexts, each once, a few, and none longer than says something', () => {
  const contexts = ['free', 'pro', 'free', 'team', 'more'].map((plan) => ({ org: { plan }, tags: [1] }));
  expect(examplesOf(contexts, 'org.plan')).toEqual(['"free"', '"pro"', '"team"']);
  expect(examplesOf(contexts, 'tags')).toEqual(['[1]']);
  for (const path of ['org', 'org.plan.deeper', 'toString', 'missing']) expect(examplesOf(contexts, path)).toEqual([]);
  expect(examplesOf([{ name: 'x'.repeat(100) }], 'name')).toEqual([`"${'x'.repeat(39)}…`]);
});
