import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MemoryRuleset } from '../memory-ruleset.ts';
import type { Flag, KeyPage, Segment } from '../model.ts';
import { context, FLAG_KEYS, moment, ruleset } from '../random-ruleset.test.fixture.ts';
import { type CompiledRuleset, compile } from '../ruleset.ts';
import { applyChanges, applySnapshot } from '../sync/apply.ts';
import { type ChangesMessage, flagItem, type Item, type SnapshotMessage, toItem } from '../sync/messages.ts';
import { explain } from '../trace/explain.ts';
import { hashKey } from './page-of.ts';
import { paged, pagesOf } from './pages.test.fixture.ts';

const revision = { incarnation: 'i', number: 1, hash: 'h' };

const flag: Flag = {
  key: 'f',
  type: 'boolean',
  variants: [
    { name: 'on', value: true },
    { name: 'off', value: false },
  ],
  enabled: true,
  offVariant: 'off',
  rules: [{ id: 'r', when: { segment: 's' }, serve: { variant: 'on' } }],
  defaultRule: { variant: 'off' },
};

/** What a list of keys is as items, in so many pages. */
function itemsOf(keys: Iterable<string>, pages: number): Map<string, Item> {
  const segment: Segment = { key: 's', included: { pages } };
  const items = [
    flagItem(flag),
    toItem('segment', segment),
    ...pagesOf('s', 'included', keys, pages).map((page) => toItem('keys', page)),
  ];
  return new Map(items.map((item) => [`${item.kind} ${item.key}`, item]));
}

function snapshotOf(items: ReadonlyMap<string, Item>, number: number): SnapshotMessage {
  const header = { revision: { ...revision, number }, committedAtMs: 0, timeMs: 0 };
  return { type: 'snapshot', ...header, kills: [], items: [...items.values()] };
}

/** Only what differs, as a server sends it. */
function changesBetween(before: ReadonlyMap<string, Item>, after: ReadonlyMap<string, Item>, from: number) {
  const items = [...after].filter(([name, { json }]) => before.get(name)?.json !== json).map(([, item]) => item);
  const gone = [...before].filter(([name]) => !after.has(name)).map(([, { kind, key }]) => ({ kind, key }));
  const header = { revision: { ...revision, number: from + 1 }, committedAtMs: 0, timeMs: 0 };
  return { type: 'changes', ...header, from, delete: gone, items } satisfies ChangesMessage;
}

const USERS = Array.from({ length: 40 }, (_, i) => `user-${i}`);

function membersOf(compiled: CompiledRuleset): string[] {
  return USERS.filter((targetingKey) => compiled.evaluate('f', { targetingKey }).value === true);
}

describe('a list of keys in pages', () => {
  test('answers as the same list in its document, whatever the ruleset and the number of pages', () => {
    const counts = fc.constantFrom(1, 2, 8, 64);
    fc.assert(
      fc.property(
        ruleset,
        counts,
        fc.array(context, { minLength: 1, maxLength: 5 }),
        moment,
        (plain, count, all, at) => {
          const inDocuments = compile(plain);
          const inPages = compile(paged(plain, count));
          for (const subject of all) {
            for (const key of FLAG_KEYS) {
              const answer = inPages.evaluate(key, subject, at);
              expect(answer).toEqual(inDocuments.evaluate(key, subject, at));
              expect(explain(inPages, key, subject, at).evaluation).toEqual(answer);
            }
          }
          inPages.validate();
          expect(inPages.broken).toEqual([]);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('after any differences answers as one that came whole, and so do the rulesets before', () => {
    const state = fc.record({ keys: fc.subarray(USERS), pages: fc.constantFrom(1, 2, 4, 16) });
    fc.assert(
      fc.property(state, fc.array(fc.tuple(state, fc.boolean()), { minLength: 1, maxLength: 6 }), (first, rest) => {
        let items = itemsOf(first.keys, first.pages);
        let compiled: CompiledRuleset | undefined = applySnapshot(snapshotOf(items, 1));
        const seen = [{ compiled, keys: first.keys }];
        for (const [i, [{ keys, pages }, isAsked]] of rest.entries()) {
          const next = itemsOf(keys, pages);
          compiled = applyChanges(compiled, changesBetween(items, next, i + 1));
          if (compiled === undefined) return expect.unreachable('the changes follow on');
          if (isAsked) membersOf(compiled);
          items = next;
          seen.push({ compiled, keys });
        }
        for (const step of seen) expect(membersOf(step.compiled)).toEqual(step.keys);
        compiled.validate();
        expect(compiled.broken).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test('is read page by page, and only anew where it changed', () => {
    const before = itemsOf(USERS, 16);
    const first = applySnapshot(snapshotOf(before, 1));
    expect(first.evaluate('f', { targetingKey: 'user-0' }).value).toBe(true);
    // The flag, the segment and one page of 16 were looked at.
    expect(first.validate(0)).toBe(15);
    expect(first.validate()).toBe(0);
    const after = itemsOf([...USERS, 'ann'], 16);
    const changes = changesBetween(before, after, 1);
    expect(changes.items.map(({ kind }) => kind)).toEqual(['keys']);
    expect(applyChanges(first, changes)?.validate(0)).toBe(1);
    const again = applySnapshot(snapshotOf(after, 2), { previous: first });
    expect(again.validate(0)).toBe(1);
    expect(again.evaluate('f', { targetingKey: 'ann' }).value).toBe(true);
  });

  test('that lacks a page names its segment as broken, and a malformed page by itself', () => {
    const items = itemsOf(USERS, 4);
    items.delete('keys s/included/1');
    items.set('keys s/included/2', { kind: 'keys', key: 's/included/2', json: '{"key":"s/included/2","keys":[""]}' });
    items.set('keys s/3', { kind: 'keys', key: 's/3', json: '{"key":"s/3","keys":[]}' });
    const compiled = applySnapshot(snapshotOf(items, 1));
    expect(compiled.broken).toEqual([]);
    compiled.validate();
    expect(compiled.broken).toEqual(['segment/s', 'keys/s/included/2', 'keys/s/3']);
    if (!(compiled instanceof MemoryRuleset)) return expect.unreachable();
    expect(compiled.parts.tables.keys.get('s/3')?.problem).toBe(
      'key must read <segment>/<included or excluded>/<page>',
    );
  });

  test('that lacks a page says so in the trace of whom it concerns, and of nobody else', () => {
    const items = itemsOf(USERS, 4);
    items.delete('keys s/included/1');
    const compiled = applySnapshot(snapshotOf(items, 1));
    const states = USERS.map((targetingKey) => {
      const [, , rule] = explain(compiled, 'f', { targetingKey }).steps;
      if (rule?.step !== 'rule') return expect.unreachable();
      return { state: rule.condition.segment?.state, included: rule.condition.segment?.included };
    });
    const count = states.filter(({ state }) => state === 'pages-missing').length;
    expect(count).toBe(pagesOf('s', 'included', USERS, 4)[1]?.keys.length);
    expect(states).toContainEqual({ state: 'pages-missing', included: undefined });
    expect(states).toContainEqual({ state: 'ok', included: true });
  });
});

describe('one page', () => {
  const key = fc.string({
    unit: fc.constantFrom('a', 'b', '"', ',', '\\', '\n', 'é', '🎏', '\u2028'),
    minLength: 1,
    maxLength: 5,
  });

  test.each([
    ['as JSON writes it', (page: KeyPage) => JSON.stringify(page)],
    ['with spaces between', (page: KeyPage) => JSON.stringify(page, null, 1).replaceAll('\n', ' ')],
    ['with further fields', (page: KeyPage) => JSON.stringify({ ...page, more: true })],
    ['with other escapes', (page: KeyPage) => JSON.stringify(page).replaceAll('a', '\\u0061')],
  ])('holds its keys exactly, %s', (_name, write) => {
    fc.assert(
      fc.property(fc.array(key, { maxLength: 20 }), fc.array(key, { maxLength: 20 }), (keys, others) => {
        const document = pagesOf('s', 'included', keys, 1)[0];
        if (document === undefined) return expect.unreachable();
        const segment = toItem('segment', { key: 's', included: { pages: 1 } } as Segment);
        const json = write(document);
        const items = [flagItem(flag), segment, { kind: 'keys', key: document.key, json } as const];
        const compiled = applySnapshot(snapshotOf(new Map(items.map((item) => [item.kind, item])), 1));
        for (const targetingKey of [...keys, ...others]) {
          expect(compiled.evaluate('f', { targetingKey }).value).toBe(keys.includes(targetingKey));
        }
      }),
      { numRuns: 200 },
    );
  });

  test('does not take a key that reads like two of its keys for the first of them, whatever the hashes', () => {
    const rest = Array.from({ length: 500_000 }, (_, i) => `bob-${i}`).find((each) => {
      return hashKey(`ann","${each}`) >>> 16 === hashKey('ann') >>> 16;
    });
    if (rest === undefined) return expect.unreachable('one in 65 536 hashes alike');
    const compiled = applySnapshot(snapshotOf(itemsOf(['ann', rest], 1), 1));
    expect(compiled.evaluate('f', { targetingKey: 'ann' }).value).toBe(true);
    expect(compiled.evaluate('f', { targetingKey: `ann","${rest}` }).value).toBe(false);
  });

  test('may be too long for the offsets of its table', () => {
    const keys = Array.from({ length: 200 }, (_, i) => `${i}-${'x'.repeat(500)}`);
    const compiled = applySnapshot(snapshotOf(itemsOf(keys, 1), 1));
    for (const targetingKey of keys) expect(compiled.evaluate('f', { targetingKey }).value).toBe(true);
    expect(compiled.evaluate('f', { targetingKey: `200-${'x'.repeat(500)}` }).value).toBe(false);
  });
});
