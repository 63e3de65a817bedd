import type { Json } from '@bunting/core';
import { expect, test } from 'vitest';
import type { Journal } from '../journal/journal.ts';
import { startApp } from '../testing/start-app.ts';
import type { VerdictDocument } from './verdict.ts';
import { VerdictStore } from './verdict-store.ts';

const ENVIRONMENT = '/projects/default/environments/production';

/** A disk that forgets nothing it is not told to forget. */
class FakeDisk implements Pick<Journal, 'keep' | 'forget' | 'entries'> {
  readonly #kept = new Map<string, Json>();

  get size(): number {
    return this.#kept.size;
  }

  async keep(_kind: string, id: string, document: Json): Promise<boolean> {
    this.#kept.set(id, document);
    return true;
  }

  forget(_kind: string, id: string): void {
    this.#kept.delete(id);
  }

  entries(kind: string) {
    return [...this.#kept].map(([id, document]) => ({ kind, id, document }));
  }
}

const documentOf = (id: string, flag: string, atMs: number): VerdictDocument => ({
  ...{ id, atMs, safeguard: { id: 's', name: 'Worse', version: 1 }, flag, variant: 'on', baseline: 'off', rule: '' },
  ...{ metric: { kind: 'errors' }, test: { kind: 'relative_risk', alpha: 0.01, tolerance: 1 } },
  ...{ action: 'kill', mode: 'armed', summary: 'It fails', firstBadAtMs: null },
  finding: { verdict: 'failed', windows: 1, watchedMs: 1_000, logE: 6, threshold: 4.6 },
  steps: [{ fromMs: 0, toMs: 1_000, candidate: [10, 9], baseline: [10, 0] }],
  ...{ outcomes: [], server: 'a', code: '1' },
});

async function start() {
  const { app, call } = await startApp();
  const { changes, rulesets, database } = app.bunting;
  const ruleset = rulesets.named('default', 'production');
  if (ruleset === undefined) throw new Error('there is no production');
  const place = { environmentId: ruleset.environmentId, project: 'default', environment: 'production' };
  const disk = new FakeDisk();
  let isDown = false;
  const failing = {
    commit: (...args: Parameters<typeof changes.commit>) =>
      isDown ? Promise.reject(new Error('the database is down')) : changes.commit(...args),
  } as unknown as typeof changes;
  const open = () => new VerdictStore({ changes: failing, journal: disk, gauge: { set: () => {} }, log: app.log });
  const stored = async () => (await call('GET', `${ENVIRONMENT}/verdicts`)).body.items;
  const fail = (value: boolean) => {
    isDown = value;
  };
  return { database, disk, open, place, stored, fail };
}

test('what several servers find of the same flag is stored once; of another flag, or later, it is another verdict', async () => {
  const { open, place, stored } = await start();
  const [one, other] = [open(), open()];
  const nowMs = Date.now();
  one.add({ place, document: documentOf('1', 'a', nowMs) });
  other.add({ place, document: documentOf('2', 'a', nowMs + 700) });
  other.add({ place, document: documentOf('3', 'b', nowMs + 700) });
  other.add({ place, document: documentOf('4', 'a', nowMs + 600_000) });
  await Promise.all([one.close(), other.close()]);
  const found = (await stored()).map(({ id, flag }: { id: string; flag: string }) => `${id} ${flag}`);
  expect(found).toHaveLength(3);
  expect(found).toEqual(expect.arrayContaining(['3 b', '4 a']));
});

test('while the database fails it waits, outlives the server, and is stored by the next one', async () => {
  const { open, place, stored, disk, fail } = await start();
  fail(true);
  const one = open();
  one.add({ place, document: documentOf('1', 'a', Date.now()) });
  await one.close();
  expect(await stored()).toEqual([]);
  expect(disk.size).toBe(1);
  fail(false);
  await open().close();
  expect(await stored()).toMatchObject([{ id: '1', summary: 'It fails' }]);
  expect(disk.size).toBe(0);
});

test('what a disk has that is no verdict stops no server, and one that cannot be stored keeps no other out', async () => {
  const { open, place, stored, disk } = await start();
  const nowMs = Date.now();
  await disk.keep('verdict', 'other', { of: 'another version' });
  const broken = { place, document: { ...documentOf('0', 'b', nowMs), safeguard: null } };
  await disk.keep('verdict', '0', JSON.parse(JSON.stringify(broken)));
  await disk.keep('verdict', '1', JSON.parse(JSON.stringify({ place, document: documentOf('1', 'a', nowMs) })));
  await open().close();
  expect(await stored()).toMatchObject([{ id: '1' }]);
});
