import type { Json } from '@bunting/core';
import { expect, test } from 'vitest';
import { newId } from '../store/new-id.ts';
import { StoreLost } from '../store/store-error.ts';
import type { Database } from '../store/tables.ts';
import { startApp } from '../testing/start-app.ts';
import type { Cause, Outcome } from './intervention.ts';
import { OutcomeLog } from './outcome-log.ts';

const AT_MS = Date.UTC(2030, 0, 1);
const CAUSE: Cause = {
  ...{ kind: 'signal', id: 'b', name: 'Errors', episode: 'e1', summary: 'errors' },
  actor: { kind: 'signal', id: 's', name: 'Prometheus' },
};

test('what several servers did of one cause at the same moment is told once; another episode, kill or moment, too', async () => {
  const { app, call } = await startApp();
  const { database } = app.bunting;
  const journal = { keep: async () => true, forget: () => {}, entries: () => [] };
  const open = () => new OutcomeLog({ database, journal, gauge: { set: () => {} }, log: app.log, onStored: () => {} });
  const logs = [open(), open()];
  const add = (more: Partial<Outcome> = {}, cause: Partial<Cause> = {}) => {
    const target = { project: 'default', environment: 'production', flag: 'a' };
    for (const [at, log] of logs.entries()) {
      const atMs = (more.atMs ?? AT_MS) + at * 500;
      const outcome = { action: 'kill', target, result: 'acted', reason: '', killEpoch: 1, ...more } as const;
      log.add({ ...outcome, id: newId(atMs), atMs }, { ...CAUSE, ...cause }, 'armed');
    }
  };
  const told = async () => {
    await Promise.all(logs.map((log) => log.settle()));
    const { body } = await call('GET', '/audit?project=default&action=intervention.acted');
    return body.items.length;
  };
  add();
  expect(await told()).toBe(1);
  add({}, { episode: 'e2' });
  expect(await told()).toBe(2);
  add({ killEpoch: 3 });
  expect(await told()).toBe(3);
  add({ atMs: AT_MS + 10 * 60_000 });
  expect(await told()).toBe(4);
});

test('while the database is away each is kept as soon as the disk takes it, and how many wait is shown, after a restart too', async () => {
  const { app } = await startApp();
  const away = { transaction: () => ({ execute: () => Promise.reject(new StoreLost('it is away')) }) };
  const disk = new Map<string, Json>();
  let isFull = true;
  const journal = {
    keep: async (_kind: string, id: string, document: Json) => {
      if (!isFull) disk.set(id, document);
      return !isFull;
    },
    forget: () => {},
    entries: (kind: string) => [...disk].map(([id, document]) => ({ kind, id, document })),
  };
  let waiting = 0;
  const gauge = { set: (value: number) => (waiting = value) };
  const database = away as unknown as Database;
  const open = () => new OutcomeLog({ database, journal, gauge, log: app.log, onStored: () => {} });
  const first = open();
  const target = { project: 'default', environment: 'production', flag: 'a' };
  const outcome = { action: 'kill', target, result: 'acted', reason: '', killEpoch: 1 } as const;
  first.add({ ...outcome, id: newId(AT_MS), atMs: AT_MS }, CAUSE, 'armed');
  await first.settle();
  isFull = false;
  await first.close();
  expect(disk.size).toBe(1);
  waiting = 0;
  await open().close();
  expect(waiting).toBe(1);
});
