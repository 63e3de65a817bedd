import { changeFlag, makeKey } from '../../processes/flags.ts';
import { startServer, type TestServer } from '../../processes/server.ts';
import { askChild } from '../ask-child.ts';
import { makeFiveRuleFlags } from '../made-flags.ts';
import { show } from '../report.ts';
import { median, round } from '../statistics.ts';
import type { Measurement, Options, Subject } from '../subject.ts';
import { download } from './download.ts';

/** What a large ruleset costs on its way to an SDK that has nothing yet. */
export const snapshot: Subject = {
  name: 'snapshot',
  about: '10 000 flags of five rules from a real server: bytes, packing, and a fresh SDK until its first answer',

  async measure(options) {
    const flagCount = options.quick ? 300 : 10_000;
    const server = await startServer();
    try {
      const lastKey = await makeFiveRuleFlags(server.api, flagCount, options);
      return {
        measurements: await measure(server, lastKey, options.quick ? 2 : 7, flagCount, options),
        notes: [
          'from the hello to the last byte; the first client after a start waits until the snapshot is packed, the next ones share it, also when it is a change behind',
          'ready: from connect() in a fresh process over loopback until the first answer; the snapshot comes packed',
        ],
      };
    } finally {
      await server.remove();
    }
  },
};

async function measure(
  server: TestServer,
  flagKey: string,
  rounds: number,
  flagCount: number,
  { say }: Options,
): Promise<Measurement[]> {
  const { url, api } = server;
  const { secret } = await makeKey(api, 'server');
  const text = await download(url, secret, { packed: false });
  const first: number[] = [];
  const next: number[] = [];
  const ready: number[] = [];
  let packedBytes = 0;
  for (let i = 1; i <= rounds; i++) {
    say(`round ${i} of ${rounds} ...`);
    await server.stop();
    await server.restart();
    const packing = await download(url, secret, { packed: true });
    packedBytes = packing.bytes;
    first.push(packing.tookMs);
    await changeFlag(api, flagKey, { enabled: i % 2 === 0 });
    next.push((await download(url, secret, { packed: true })).tookMs);
    ready.push(await askChild<number>(new URL('child.ts', import.meta.url), [url, secret, flagKey]));
  }
  const line = (name: string, unit: string, value: number): Measurement => ({
    case: `${show(flagCount)} flags, ${name}`,
    unit,
    better: 'lower',
    ours: round(value),
  });
  return [
    line('as text', 'KB', text.bytes / 1_000),
    line('packed', 'KB', packedBytes / 1_000),
    line('hello to snapshot, first client after a start', 'ms', median(first)),
    line('hello to snapshot, next clients', 'ms', median(next)),
    line('connect() to first answer of a fresh SDK', 'ms', median(ready)),
  ];
}
