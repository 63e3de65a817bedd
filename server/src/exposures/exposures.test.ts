import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Rulesets } from '../rulesets/rulesets.ts';
import { startApp } from '../testing/start-app.ts';
import { connect, hello, listen } from '../testing/stream-client.ts';
import { ExposureCounts, SPANS } from './exposure-counts.ts';
import { ExposureViews } from './service.ts';

const NOW_MS = Date.UTC(2030, 0, 31, 12, 0, 30);
const PLACE = { environmentId: 'e', flag: 'checkout' };
const ON = { ...PLACE, variant: 'on', source: 'servers' } as const;

test('what servers and pages tell is shown by variant, and only of what exists', async () => {
  const clock = { nowMs: NOW_MS };
  const { app, call } = await startApp({ now: () => clock.nowMs });
  const url = await listen(app);
  await call('POST', '/projects/default/flags', { key: 'checkout', type: 'boolean', clientVisible: true });
  const keyOf = (kind: string) => app.bunting.firstKeys.find((key) => key.kind === kind)?.secret ?? '';
  const server = await connect(url, hello(keyOf('server')));
  const page = await connect(url, hello(keyOf('client'), { context: {} }));
  const tell = (client: typeof server, variant: string, count: number) =>
    client.send({ type: 'telemetry', exposures: [{ flag: 'checkout', variant, reason: 'SPLIT', count }] });
  const exposures = async (query = '') =>
    (await call('GET', `/projects/default/environments/development/flags/checkout/exposures${query}`)).body;
  tell(server, 'on', 3);
  tell(server, 'invented', 9);
  tell(page, 'off', 2);
  await expect.poll(async () => (await exposures()).series.length).toBe(2);
  clock.nowMs += 60_000;
  tell(server, 'on', 4);
  await expect
    .poll(() => exposures())
    .toEqual({
      ...{ from: '2030-01-31T11:01:00.000Z', to: '2030-01-31T12:01:30.000Z', stepS: 60 },
      ...{ completeSince: '2030-01-31T12:00:30.000Z', incomplete: [] },
      series: [
        { variant: 'off', source: 'pages', total: 2, points: [{ at: '2030-01-31T12:00:00.000Z', count: 2 }] },
        {
          ...{ variant: 'on', source: 'servers', total: 7 },
          points: [
            { at: '2030-01-31T12:00:00.000Z', count: 3 },
            { at: '2030-01-31T12:01:00.000Z', count: 4 },
          ],
        },
      ],
    });
  clock.nowMs += 2 * 3_600_000;
  expect((await exposures()).series).toEqual([]);
  expect(await exposures('?span=day')).toMatchObject({ stepS: 900, series: [{ total: 2 }, { total: 7 }] });
  expect((await call('GET', '/projects/default/environments/development/flags/none/exposures')).status).toBe(404);
});

test('what several servers were told is added up, and who does not answer is named', async () => {
  const [own, there] = [new ExposureCounts(() => NOW_MS), new ExposureCounts(() => NOW_MS)];
  own.add(ON, 2);
  there.add(ON, 3);
  there.add({ ...ON, variant: 'off' }, 1);
  const rulesets = { named: () => ({ environmentId: 'e', item: () => ({}) }) } as unknown as Rulesets;
  const peer = (url: string, body?: unknown) => ({ peer: { id: url, url }, body });
  const views = new ExposureViews(rulesets, own, {
    get: async () => [
      peer('http://there', { sinceMs: NOW_MS - 60_000, series: there.read(PLACE, 'hour') }),
      peer('http://older'),
      peer('http://odd', { sinceMs: 0, series: [{ variant: 'on', source: 'servers', counts: [[1, -1]] }] }),
    ],
  });
  expect(await views.get({ project: 'p', environment: 'x', flag: 'checkout' }, 'hour')).toMatchObject({
    series: [
      { variant: 'off', total: 1 },
      { variant: 'on', total: 5, points: [{ count: 5 }] },
    ],
    incomplete: ['http://odd', 'http://older'],
  });
});

test('nothing within the span is lost or counted twice, nothing older is shown, whatever the clock does', () => {
  const told = fc.record({ afterMs: fc.integer({ min: -7_200_000, max: 7_200_000 }), count: fc.nat(1_000) });
  fc.assert(
    fc.property(fc.array(told, { maxLength: 40 }), fc.constantFrom('hour', 'day'), (all, span) => {
      let nowMs = NOW_MS;
      const counts = new ExposureCounts(() => nowMs);
      const { stepMs, steps } = SPANS[span];
      const stepOf = (ms: number) => Math.floor(ms / stepMs);
      /** By step, what is still to be there: a later step in its place has put it out. */
      const expected = new Map<number, number>();
      for (const { afterMs, count } of all) {
        nowMs += afterMs;
        counts.add(ON, count);
        const step = stepOf(nowMs);
        for (const other of expected.keys())
          if (other !== step && (other - step) % (steps + 1) === 0) expected.delete(other);
        expected.set(step, (expected.get(step) ?? 0) + count);
      }
      const last = stepOf(nowMs);
      const shown = [...expected].filter(([step, count]) => step <= last && step >= last - steps && count > 0);
      expect(counts.read(PLACE, span).flatMap((series) => series.counts)).toEqual(shown.sort(([a], [b]) => a - b));
    }),
  );
});

test('of too many flags those that were seen longest ago are forgotten', () => {
  const counts = new ExposureCounts(() => NOW_MS);
  counts.add({ ...ON, flag: 'old' }, 1);
  counts.add({ ...ON, flag: 'seen-again' }, 1);
  for (let at = 0; at < 19_998; at++) counts.add({ ...ON, flag: `flag-${at}` }, 1);
  counts.add({ ...ON, flag: 'seen-again' }, 1);
  counts.add({ ...ON, flag: 'new' }, 1);
  const isKnown = (flag: string) => counts.read({ environmentId: 'e', flag }, 'hour').length > 0;
  expect(['old', 'seen-again', 'flag-0', 'new'].map(isKnown)).toEqual([false, true, true, true]);
});
