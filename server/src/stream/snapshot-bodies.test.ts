import { randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import type { Item } from '@bunting/core';
import { expect, test } from 'vitest';
import { hashOf } from '../rulesets/content-hash.ts';
import { LiveRuleset } from '../rulesets/live-ruleset.ts';
import { SnapshotBodies, type SnapshotBody } from './snapshot-bodies.ts';

const environment = { environmentId: 'e', project: 'p', environment: 'production' };

/** Items of hexadecimal digits: text that gzip halves. */
function itemsOf(count: number): Item[] {
  const json = () => JSON.stringify(randomBytes(500).toString('hex'));
  return Array.from({ length: count }, (_, at) => ({ kind: 'flag', key: `flag-${at}`, json: json() }));
}

function start(items: readonly Item[]) {
  const revision = { incarnation: 'i', number: 1, hash: hashOf(items) };
  const ruleset = new LiveRuleset({ ...environment, revision, committedAtMs: 5, items, recent: [], kills: [] });
  let ready = 0;
  const bodies = new SnapshotBodies(ruleset, {
    onReady: () => {
      ready += 1;
    },
    report: (error) => expect.unreachable(String(error)),
  });
  const change = (item: Item) => {
    const { number } = ruleset.revision;
    const next = { incarnation: 'i', number: number + 1, hash: `${number}` };
    const ticks = { committedAtMs: 0, committedTickMs: 0 };
    ruleset.apply({ environmentId: 'e', from: number, revision: next, ...ticks, puts: [item], deletes: [] });
  };
  const until = async (canUnpack: boolean): Promise<SnapshotBody> => {
    await expect.poll(() => bodies.get(canUnpack)).toBeDefined();
    return bodies.get(canUnpack) as SnapshotBody;
  };
  return { ruleset, bodies, change, until, ready: () => ready };
}

const textOf = (items: readonly Item[]) => items.map(({ kind, key, json }) => `\n${kind} ${key} ${json}`).join('');

test('what is small is made on the spot and packed for nobody', () => {
  const items = itemsOf(3);
  const { bodies } = start(items);
  const body = bodies.get(true);
  expect(body).toMatchObject({ isPacked: false, committedAtMs: 5 });
  expect(body?.bytes.toString()).toBe(textOf(items));
  expect(bodies.get(false)).toBe(body);
});

test('what is large is packed once for all who ask while it is being made and after', async () => {
  const items = itemsOf(500);
  const { bodies, until, ready } = start(items);
  expect(bodies.get(true)).toBeUndefined();
  expect(bodies.get(true)).toBeUndefined();
  const body = await until(true);
  expect(ready()).toBe(1);
  expect(bodies.get(true)).toBe(body);
  expect(body.isPacked).toBe(true);
  expect(gunzipSync(body.bytes).toString()).toBe(textOf(items));
  expect(body.bytes.length).toBeLessThan(textOf(items).length * 0.6);
});

test('who cannot unpack gets the text', async () => {
  const items = itemsOf(500);
  const { until } = start(items);
  const body = await until(false);
  expect(body.isPacked).toBe(false);
  expect(body.bytes.toString()).toBe(textOf(items));
});

test('a body is of the revision at which it was begun, whatever changes meanwhile', async () => {
  const items = itemsOf(500);
  const { ruleset, bodies, change, until } = start(items);
  const before = ruleset.revision;
  bodies.get(true);
  change({ kind: 'flag', key: 'flag-499', json: '"late"' });
  const body = await until(true);
  expect(body.revision).toBe(before);
  expect(gunzipSync(body.bytes).toString()).toBe(textOf(items));
});

test('a body from which no change leads on is not used', async () => {
  const { ruleset, bodies, until } = start(itemsOf(500));
  const body = await until(true);
  const items = itemsOf(500);
  const revision = { incarnation: 'other', number: 1, hash: hashOf(items) };
  ruleset.reset({ ...environment, revision, committedAtMs: 0, items, recent: [], kills: [] });
  expect(bodies.get(true)).toBeUndefined();
  const next = await until(true);
  expect(next).not.toBe(body);
  expect(gunzipSync(next.bytes).toString()).toBe(textOf(items));
});
