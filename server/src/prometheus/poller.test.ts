import type { ServerResponse } from 'node:http';
import { Registry } from 'prom-client';
import { expect, onTestFinished, test } from 'vitest';
import { readAddressPolicy } from '../egress/address-policy.ts';
import { PrometheusPoller } from './poller.ts';
import { startPrometheus, vector } from './prometheus-server.test.fixture.ts';

const START_MS = 1_780_000_000_000;

async function start(answer: (query: string) => string) {
  const prometheus = await startPrometheus(({ query }, response) => response.end(answer(query)));
  let nowMs = START_MS + 2_000;
  const registry = new Registry();
  const poller = new PrometheusPoller({ policy: readAddressPolicy(['127.0.0.1']), registry, now: () => nowMs });
  onTestFinished(() => poller.close());
  const safeguard = (id: string, version = 1) => ({
    ...{ id, version, stepMs: 10_000, candidate: { total: 'total', bad: 'bad' } },
    endpoint: () => ({ url: prometheus.url, headers: {} }),
  });
  const readings = async () =>
    (await registry.getSingleMetric('bunting_safeguard_readings_total')?.get())?.values ?? [];
  const count = async () => (await readings()).reduce((sum, { value }) => sum + value, 0);
  return { ...prometheus, poller, safeguard, readings, count, pass: (ms: number) => (nowMs += ms) };
}

test('each step is read once, and handed on once', async () => {
  const { poller, safeguard, asked, count, pass } = await start((query) => vector(query === 'bad' ? 1 : 50));
  poller.follow([safeguard('a')]);
  poller.look();
  poller.look();
  await expect.poll(count).toBe(1);
  const step = { fromMs: START_MS - 10_000, toMs: START_MS, candidate: [50, 1] };
  expect(poller.take()).toEqual([{ id: 'a', step }]);
  expect(poller.take()).toEqual([]);
  pass(9_999);
  poller.look();
  expect(asked).toHaveLength(2);
  pass(1);
  poller.look();
  await expect.poll(count).toBe(2);
  expect(poller.take()).toMatchObject([{ step: { fromMs: START_MS, toMs: START_MS + 10_000 } }]);
  expect(poller.explain('a')).toBeUndefined();
});

test('what could not be read is left out, said and counted, and read again at the next step', async () => {
  let answer = vector();
  const { poller, safeguard, readings, count, pass } = await start(() => answer);
  poller.follow([safeguard('a')]);
  poller.look();
  await expect.poll(count).toBe(1);
  expect(poller.explain('a')).toMatch(/^Prometheus has no data: candidate.total: no series match/);
  answer = '{"status":"error","error":"out of memory"}';
  pass(10_000);
  poller.look();
  await expect.poll(count).toBe(2);
  expect(poller.explain('a')).toMatch(/^Prometheus cannot be asked: candidate.total: it answered 200: out of memory/);
  expect(poller.take()).toEqual([]);
  expect((await readings()).map(({ labels }) => labels.result).sort()).toEqual(['error', 'no_data']);
  answer = vector(0);
  pass(10_000);
  poller.look();
  await expect.poll(count).toBe(3);
  expect(poller.take()).toHaveLength(1);
});

test('a data source that is gone or whose secret cannot be opened is an error', async () => {
  const { poller, safeguard, count } = await start(() => vector(1));
  const locked = () => {
    throw new Error('it was sealed under another key');
  };
  poller.follow([
    { ...safeguard('gone'), endpoint: () => undefined },
    { ...safeguard('locked'), endpoint: locked },
  ]);
  poller.look();
  await expect.poll(count).toBe(2);
  expect(poller.explain('gone')).toBe('Prometheus cannot be asked: its data source is gone.');
  expect(poller.explain('locked')).toContain('sealed under another key');
});

test('a clock that is set back costs a step', async () => {
  const { poller, safeguard, count, pass } = await start(() => vector(1));
  poller.follow([safeguard('a')]);
  poller.look();
  await expect.poll(count).toBe(1);
  pass(-3_600_000);
  poller.look();
  pass(10_000);
  poller.look();
  await expect.poll(count).toBe(2);
  // What it says of the step that the clock fell into was asked for, if at all, before.
  expect(poller.take().map(({ step }) => step.toMs)).toEqual([START_MS, START_MS - 3_590_000]);
});

test('what was asked for an earlier definition, or for none any more, is not taken', async () => {
  const { poller, safeguard, asked } = await start(() => vector(1));
  poller.follow([safeguard('a'), safeguard('b')]);
  poller.look();
  poller.follow([safeguard('a', 2)]);
  await expect.poll(() => asked.length).toBe(4);
  poller.look();
  await expect.poll(() => poller.take()).toMatchObject([{ id: 'a' }]);
  expect(asked.length).toBeLessThanOrEqual(6);
});

test('many that are slow keep no other one waiting for longer than a turn', async () => {
  const { poller, safeguard, asked, count, pass } = await start(() => vector(1));
  const held: ServerResponse[] = [];
  const slow = await startPrometheus((_, response) => held.push(response));
  const endpoint = () => ({ url: slow.url, headers: {} });
  poller.follow([...Array.from({ length: 20 }, (_, at) => ({ ...safeguard(`slow ${at}`), endpoint })), safeguard('a')]);
  poller.look();
  await expect.poll(() => held.length).toBe(40);
  expect(asked).toEqual([]);
  for (const response of held.splice(0)) response.end(vector(1));
  await expect.poll(count).toBe(20);
  // By then the next step of all of them is over.
  pass(10_000);
  poller.look();
  await expect.poll(() => asked.length).toBe(2);
});
