import { expect, test, vi } from 'vitest';
import type { GateFacts, GateSubject, GateVerdict } from '../gates/gate.ts';
import { startApp } from '../testing/start-app.ts';

const FLAGS = '/projects/default/flags';
const RELEASES = '/projects/default/releases';
const MINUTE_MS = 60_000;
const errors = { name: 'errors', kind: 'calendar' as const };

/** A server with a flag that is on and serves `off`, whose gates say what they are told to. */
async function start() {
  const clock = { nowMs: Date.parse('2026-05-04T00:00:00Z') };
  const server = await startApp({ now: () => clock.nowMs });
  const { app, call } = server;
  const said: Record<string, GateVerdict> = {};
  const asked: GateSubject[] = [];
  vi.spyOn(app.bunting.judging.gates, 'judge').mockImplementation(async (subject) => {
    asked.push(subject);
    return subject.gates.map((gate): GateFacts => {
      const verdict = said[gate.name] ?? 'running';
      const { onFailure = 'abort', onInconclusive = 'hold', onProviderLoss, dryRun = false } = gate;
      const times = { reason: `it is ${verdict}.`, sinceMs: subject.enteredAtMs };
      return { gate: gate.name, verdict, ...times, onFailure, onInconclusive, onProviderLoss, dryRun };
    });
  });
  await call('POST', FLAGS, { key: 'checkout', type: 'boolean' });
  const off = { enabled: true, defaultRule: { variant: 'off' } };
  await call('PATCH', `${FLAGS}/checkout/environments/production`, off);
  const create = async (gate: object, more = {}) =>
    (
      await call('POST', RELEASES, {
        ...{ title: 'New checkout', environment: 'production', strategy: 'flag_only', bakeSeconds: 60 },
        flags: [{ flag: 'checkout', candidate: 'on', baseline: 'off' }],
        stages: [
          { flagsPer100k: 10_000, soakSeconds: 60, gates: [{ ...errors, ...gate }] },
          { flagsPer100k: 100_000, soakSeconds: 60 },
        ],
        ...more,
      })
    ).body;
  const begin = async (gate: object, more = {}) => {
    const { id } = await create(gate, more);
    await call('POST', `${RELEASES}/${id}/commands`, { command: 'start' });
    return id as string;
  };
  const command = async (id: string, body: object) => (await call('POST', `${RELEASES}/${id}/commands`, body)).body;
  const get = async (id: string) => (await call('GET', `${RELEASES}/${id}`)).body;
  const pass = async (ms: number) => {
    clock.nowMs += ms;
    await app.bunting.releaseEngine.look();
  };
  return { ...server, said, asked, create, begin, command, get, pass };
}

test('a stage ends when its gates have passed, not before, and only by what they saw of it', async () => {
  const { begin, get, pass, said, asked } = await start();
  const id = await begin({});
  await pass(10 * MINUTE_MS);
  expect(await get(id)).toMatchObject({ stage: 0, waiting: ['Gate "errors": it is running.'] });
  said.errors = 'successful';
  await pass(0);
  expect(await get(id)).toMatchObject({ stage: 1, flags: [{ weightPer100k: 100_000 }] });
  expect(new Set(asked.map(({ stage }) => stage))).toEqual(new Set([0]));
  expect(asked.every(({ enteredAtMs }) => enteredAtMs === asked[0]?.enteredAtMs)).toBe(true);
});

test.each([
  [{}, 'failed', { phase: 'aborted' }],
  [{ onFailure: 'hold' }, 'failed', { phase: 'progressing', stage: 0, pauses: [] }],
  [{ onFailure: 'pause' }, 'failed', { phase: 'progressing', stage: 0, pauses: [{ cause: 'gate', by: 'errors' }] }],
  [{ dryRun: true }, 'failed', { stage: 1 }],
  [{}, 'error', { phase: 'progressing', stage: 0 }],
  // biome-ignore lint/suspicious/noThenProperty: data, which is never awaited as a promise
  [{ onProviderLoss: { afterSeconds: 30, then: 'abort' } }, 'error', { phase: 'aborted' }],
  [{}, 'inconclusive', { phase: 'progressing', stage: 0 }],
  [{ onInconclusive: 'pass' }, 'inconclusive', { stage: 1 }],
  [{ onInconclusive: 'abort' }, 'inconclusive', { phase: 'aborted' }],
] as const)('what %j that is %s leads to', async (gate, verdict, expected) => {
  const { create, command, get, pass, said } = await start();
  const stages = [
    { flagsPer100k: 10_000, soakSeconds: 60, maxSeconds: 120, gates: [{ ...errors, ...gate }] },
    { flagsPer100k: 100_000, soakSeconds: 60 },
  ];
  const { id } = await create({}, { stages });
  await command(id, { command: 'start' });
  said.errors = verdict;
  await pass(2 * MINUTE_MS);
  expect(await get(id)).toMatchObject(expected);
});

test('what a gate has paused goes on when a person resumes it, over the gate', async () => {
  const { begin, get, pass, said, command } = await start();
  const id = await begin({ onFailure: 'pause' });
  said.errors = 'failed';
  await pass(2 * MINUTE_MS);
  await command(id, { command: 'resume' });
  await pass(MINUTE_MS);
  expect(await get(id)).toMatchObject({ stage: 1, pauses: [] });
});

test('who promotes over a gate is on record', async () => {
  const { begin, call, command } = await start();
  const id = await begin({});
  await command(id, { command: 'promote' });
  const decisions = JSON.stringify((await call('GET', `${RELEASES}/${id}/decisions`)).body.items);
  expect(decisions).toContain('over gate \\"errors\\" of stage 1');
});

test('what is watched says no in every phase, also while it waits for approval and while it bakes', async () => {
  const { begin, get, pass, said, asked } = await start();
  const watch = [{ ...errors, name: 'crashes' }];
  const first = await begin({ name: 'approved later' }, { watch });
  said.crashes = 'failed';
  await pass(0);
  expect((await get(first)).phase).toBe('aborted');
  said.crashes = 'inconclusive';
  said['approved later'] = 'successful';
  const second = await begin({ name: 'approved later' }, { watch, title: 'Again' });
  await pass(2 * MINUTE_MS);
  await pass(2 * MINUTE_MS);
  expect((await get(second)).phase).toBe('baking');
  said.crashes = 'error';
  await pass(2 * MINUTE_MS);
  expect(await get(second)).toMatchObject({
    phase: 'baking',
    waiting: ['Gate "crashes" cannot be judged: it is error.'],
  });
  said.crashes = 'failed';
  await pass(0);
  expect((await get(second)).phase).toBe('rolled_back');
  expect(asked.filter(({ stage }) => stage === 'watch').length).toBeGreaterThan(4);
});

test.each([
  [{ gates: [errors, errors] }, 'must be another one beside each other'],
  [{ gates: [{ name: 'a', kind: 'prometheus', source: 'p', query: 'up', atLeast: 1 }] }, 'there is no data source "p"'],
  [{ flagsPer100k: 0, gates: [{ name: 'a', kind: 'sample_ratio' }] }, 'sees nothing: nobody gets the candidate'],
])('a gate that can never say anything is refused: %j', async (stage, message) => {
  const { create } = await start();
  const stages = [
    { flagsPer100k: 10_000, soakSeconds: 60, ...stage },
    { flagsPer100k: 100_000, soakSeconds: 60 },
  ];
  expect(JSON.stringify(await create({}, { stages }))).toContain(JSON.stringify(message).slice(1, -1));
});
