import { expect, test } from 'vitest';
import { type Visit, VisitLog } from './visit-log.ts';

function visit(id: string, onePageCheckout = false): Visit {
  return {
    visitor: { id, country: 'DE', device: 'phone', plan: 'guest' },
    step: 'list',
    decisions: { freeShippingBanner: false, headline: { text: 'x', theme: 'classic' }, onePageCheckout },
    version: '1',
    atMs: 0,
  };
}

test('a visitor has one place, with what they got last', () => {
  const log = new VisitLog();
  for (const each of [visit('b'), visit('a'), visit('b', true)]) log.add(each);
  expect(log.latest.map(({ visitor, decisions }) => [visitor.id, decisions.onePageCheckout])).toEqual([
    ['a', false],
    ['b', true],
  ]);
  expect(log.recent.map(({ visitor }) => visitor.id)).toEqual(['b', 'a', 'b']);
});

test('it stays bounded and forgets whoever was away longest', () => {
  const log = new VisitLog();
  log.add(visit('loyal'));
  for (let index = 0; index < 500; index++) {
    log.add(visit(`once-${index}`));
    log.add(visit('loyal'));
  }
  expect(log.latest).toHaveLength(120);
  expect(log.latest.some(({ visitor }) => visitor.id === 'loyal')).toBe(true);
  expect(log.recent).toHaveLength(12);
});
