import { askGauge, gaugePreload } from '../../processes/ask-gauge.ts';
import { makeFlag, makeKey } from '../../processes/flags.ts';
import { startServer, type TestServer } from '../../processes/server.ts';
import { FrameTap } from '../fan-out/frame-tap.ts';
import { show } from '../report.ts';
import { median, round } from '../statistics.ts';
import type { Measurement, Options } from '../subject.ts';
import { keyOf, members } from './lists.ts';

const segment = '/projects/default/environments/development/segments/members';

interface Answer {
  readonly added: number;
  readonly removed: number;
  readonly revision: { readonly number: number };
}

/** What a segment of a million keys costs a real server (SQLite), and what its SDKs are sent. */
export async function measureAgainstServer({ quick, say }: Options): Promise<Measurement[]> {
  const count = quick ? 100_000 : 1_000_000;
  const server = await startServer({ preloads: [gaugePreload] });
  let tap: FrameTap | undefined;
  try {
    await makeFlag(server.api, { key: 'asked', type: 'boolean' });
    await server.api.call('PUT', segment, {});
    const { secret } = await makeKey(server.api, 'server');
    tap = await FrameTap.open(server.url, secret);
    const keys = members(count);
    const before = await askGauge(server.child);
    say(`uploading ${count} keys ...`);
    const first = await upload(server, keys);
    const afterFirst = await askGauge(server.child);
    const firstBytes = (await tap.changeTo(first.answer.revision.number)).length;
    say('changing 10 keys, again and again ...');
    const changes = await changeKeys(server, tap, quick ? 5 : 30);
    say('uploading all but ten ...');
    const again = await upload(server, [...keys.slice(10), ...Array.from({ length: 10 }, (_, i) => keyOf(-1 - i))]);
    const afterAgain = await askGauge(server.child);
    const exported = await exportKeys(server);
    if (first.answer.added !== count || exported.count !== count) throw new Error('the server has other keys');
    const name = `${show(count)} keys`;
    return [
      line(`upload of ${name} into an empty list`, 's', first.tookMs / 1_000),
      line(`upload of ${name}: most memory of the server`, 'MB', afterFirst.peakResidentBytes / 1e6),
      line(`upload of ${name}: memory of the server before`, 'MB', before.residentBytes / 1e6),
      line(`upload of ${name}: longest block of its event loop`, 'ms', afterFirst.longestBlockMs),
      line(`upload of ${name}: bytes to each SDK`, 'MB', firstBytes / 1e6),
      line(`10 keys changed, of ${name}: request`, 'ms', median(changes.map(({ tookMs }) => tookMs))),
      line(`10 keys changed, of ${name}: bytes to each SDK`, 'bytes', median(changes.map(({ bytes }) => bytes))),
      line(`upload again, few of ${name} differ`, 's', again.tookMs / 1_000),
      line(`upload again, few of ${name} differ: longest block`, 'ms', afterAgain.longestBlockMs),
      line(`export of ${name}`, 's', exported.tookMs / 1_000),
    ];
  } finally {
    tap?.close();
    await server.remove();
  }
}

async function upload(server: TestServer, keys: readonly string[]): Promise<{ answer: Answer; tookMs: number }> {
  const body = keys.join('\n');
  const started = performance.now();
  const { status, body: answer } = await server.api.request('PUT', `${segment}/keys`, body, {
    'content-type': 'text/plain',
  });
  const tookMs = performance.now() - started;
  if (status !== 200) throw new Error(`the upload was answered ${status}: ${JSON.stringify(answer)}`);
  return { answer: answer as Answer, tookMs };
}

/** Five members leave and five others come, each time others. */
async function changeKeys(server: TestServer, tap: FrameTap, times: number) {
  const changes: { tookMs: number; bytes: number }[] = [];
  for (let i = 0; i < times; i++) {
    const each = Array.from({ length: 5 }, (_, at) => i * 5 + at);
    const change = { add: each.map((at) => keyOf(10_000_000 + at)), remove: each.map((at) => keyOf(2 * at)) };
    const started = performance.now();
    const { revision } = await server.api.call<Answer>('POST', `${segment}/keys`, change);
    changes.push({ tookMs: performance.now() - started, bytes: (await tap.changeTo(revision.number)).length });
  }
  return changes;
}

async function exportKeys(server: TestServer): Promise<{ count: number; tookMs: number }> {
  const started = performance.now();
  const { body } = await server.api.request('GET', `${segment}/keys/export`);
  return { count: (body as string).trimEnd().split('\n').length, tookMs: performance.now() - started };
}

function line(name: string, unit: string, ours: number): Measurement {
  return { case: name, unit, better: 'lower', ours: round(ours) };
}
