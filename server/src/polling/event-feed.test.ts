import { applyChanges, applySnapshot, type CompiledRuleset, decodeServerMessage, type Item } from '@bunting/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Metrics } from '../metrics/metrics.ts';
import { EMPTY_HASH, hashOf } from '../rulesets/content-hash.ts';
import type { LiveRuleset } from '../rulesets/live-ruleset.ts';
import { Rulesets } from '../rulesets/rulesets.ts';
import { STREAM_LIMITS } from '../stream/limits.ts';
import { EventFeed } from './event-feed.ts';
import { positionOf, readPosition } from './position.ts';
import { type Update, Updates } from './updates.ts';

const key = { id: 'k', kind: 'server', name: 'k', environmentId: 'e' } as const;
const metrics = new Metrics(new Rulesets(() => {}));
const log = { error: () => {} };
const origin = { nowMs: () => 0, dataAgeMs: () => 0, vouchAgeMs: () => 0 };
const environment = { environmentId: 'e', project: 'p', environment: 'production' };

/** A ruleset whose items tests put and delete. */
function start() {
  const rulesets = new Rulesets((error) => {
    throw error;
  });
  const revision = { incarnation: 'i', number: 0, hash: EMPTY_HASH };
  rulesets.add({ ...environment, revision, committedAtMs: 0, items: [], recent: [], kills: [] });
  const ruleset = rulesets.get('e') as LiveRuleset;
  const updates = new Updates(origin);
  const change = (puts: Readonly<Record<string, string>>, gone: readonly string[] = []) => {
    const items = new Map(ruleset.items().map((item) => [item.key, item]));
    const deletes = gone.filter((name) => items.delete(name)).map((name) => ({ kind: 'flag', key: name }) as const);
    const come = Object.entries(puts).map(([name, json]): Item => ({ kind: 'flag', key: name, json }));
    for (const item of come) items.set(item.key, item);
    const { number } = ruleset.revision;
    rulesets.apply({
      environmentId: 'e',
      from: number,
      revision: { incarnation: 'i', number: number + 1, hash: hashOf(items.values()) },
      committedAtMs: 0,
      committedTickMs: 0,
      puts: come,
      deletes: deletes.filter(({ key: name }) => !(name in puts)),
    });
  };
  return { rulesets, ruleset, updates, change };
}

/** The ruleset that an update makes of another. */
function follow(current: CompiledRuleset | undefined, { messages }: Update): CompiledRuleset {
  let ruleset = current;
  for (const text of messages) {
    const decoded = decodeServerMessage(text);
    if (!decoded.ok) throw new Error(decoded.error);
    const { message } = decoded;
    if (message.type === 'snapshot') ruleset = applySnapshot(message);
    if (message.type === 'changes' && ruleset !== undefined) ruleset = applyChanges(ruleset, message);
  }
  if (ruleset === undefined) throw new Error('the update cannot be applied');
  return ruleset;
}

const flag = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const anyChange = fc.record({
  puts: fc.dictionary(flag, fc.nat(9).map(String), { maxKeys: 3 }),
  gone: fc.uniqueArray(flag, { maxLength: 2 }),
});

test('from wherever a client is, an update leads it to what is served', () => {
  fc.assert(
    fc.property(fc.array(anyChange, { maxLength: 20 }), fc.nat(), (changes, pick) => {
      const { ruleset, updates, change } = start();
      const had = [follow(undefined, updates.since(ruleset, undefined))];
      const positions = [positionOf(ruleset)];
      for (const { puts, gone } of changes) {
        change(puts, gone);
        had.push(follow(undefined, updates.since(ruleset, undefined)));
        positions.push(positionOf(ruleset));
      }
      const at = pick % positions.length;
      const led = follow(had[at], updates.since(ruleset, readPosition(positions[at] ?? '')));
      const sorted = (items: Iterable<Item>) => [...items].map(({ key: name, json }) => `${name} ${json}`).sort();
      expect(led.revision).toEqual(ruleset.revision);
      expect(sorted(led.items())).toEqual(sorted(ruleset.items()));
    }),
  );
});

test('an update is made once for all who are at the same place, and anew when something changes or its time is too old', () => {
  const { rulesets, ruleset, change } = start();
  const updates = new Updates(origin);
  const first = updates.since(ruleset, undefined);
  expect(updates.since(ruleset, undefined)).toBe(first);
  expect(updates.since(ruleset, undefined, -1)).not.toBe(first);
  const second = updates.since(ruleset, undefined);
  rulesets.applyKill('e', { flag: 'a', epoch: 1, engaged: true });
  expect(updates.since(ruleset, undefined).position).not.toBe(second.position);
  change({ a: '1' });
  const newest = updates.since(ruleset, undefined);
  expect(newest.messages[0]).toContain('flag a 1');
  updates.sweep();
  expect(updates.since(ruleset, undefined)).toBe(newest);
  updates.sweep();
  updates.sweep();
  expect(updates.since(ruleset, undefined)).not.toBe(newest);
});

test('all who need a snapshot share one, wherever they are', () => {
  const { ruleset, updates, change } = start();
  change({ a: '1' });
  const snapshot = updates.since(ruleset, undefined);
  for (let number = 1; number <= 100; number++) {
    const have = readPosition(`elsewhere.${number}.${ruleset.revision.hash}`);
    expect(have).toBeDefined();
    expect(updates.since(ruleset, have)).toBe(snapshot);
  }
});

test('kills that come with a replaced ruleset reach the readers, also when the revision stays', async () => {
  const { rulesets, ruleset, updates, change } = start();
  change({ a: '1' });
  const feed = new EventFeed({ rulesets, updates, origin, metrics, log }, STREAM_LIMITS);
  const reader = feed.open({ key, ruleset }, undefined, () => {});
  let text = '';
  reader.on('data', (chunk) => {
    text += chunk;
  });
  const { revision, committedAtMs } = ruleset;
  const kills = [{ flag: 'a', epoch: 1, engaged: true }];
  rulesets.replace({ ...environment, revision, committedAtMs, items: ruleset.items(), recent: [], kills });
  await expect.poll(() => text).toContain('"type":"kill","flag":"a"');
  feed.close();
});

test('nobody is let in any more after the goodbye: nothing would end their response', () => {
  const { rulesets, ruleset, updates } = start();
  const feed = new EventFeed({ rulesets, updates, origin, metrics, log }, STREAM_LIMITS);
  feed.close();
  expect(() => feed.open({ key, ruleset }, undefined, () => {})).toThrow('shutting down');
});

test('a reader that does not read is cut off past the bound, and holds nobody else up', async () => {
  const { rulesets, ruleset, updates, change } = start();
  const limits = { ...STREAM_LIMITS, maxBufferedBytes: 100_000 };
  const feed = new EventFeed({ rulesets, updates, origin, metrics, log }, limits);
  let lost = 0;
  const slow = feed.open({ key, ruleset }, undefined, () => lost++);
  const other = feed.open({ key, ruleset }, undefined, () => {});
  let text = '';
  other.on('data', (chunk) => {
    text += chunk;
  });
  for (let i = 0; i < 100; i++) {
    change({ a: `"${'x'.repeat(2_000)}${i}"` });
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(slow.destroyed).toBe(true);
  expect(lost).toBe(1);
  await expect.poll(() => text).toContain('x99"');
  feed.close();
});
