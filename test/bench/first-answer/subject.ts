import { nowMs } from '../../processes/clock.ts';
import { makeKey } from '../../processes/flags.ts';
import { startServer } from '../../processes/server.ts';
import { makeTempFolder } from '../../processes/temp-folder.ts';
import { askChild } from '../ask-child.ts';
import { makeFiveRuleFlags } from '../made-flags.ts';
import { median, round } from '../statistics.ts';
import type { Measurement, Subject } from '../subject.ts';
import type { FirstAnswerReply } from './child.ts';

/** What a deploy waits for: from the start of a process until the SDK in it answers. */
export const firstAnswer: Subject = {
  name: 'first-answer',
  about: 'start of a process until the first answer of the Node SDK in it, with 1 000 flags on a real server',

  async measure(options) {
    const { quick, say } = options;
    const flagCount = quick ? 50 : 1_000;
    const rounds = quick ? 2 : 15;
    const folder = makeTempFolder();
    const server = await startServer();
    try {
      const flagKey = await makeFiveRuleFlags(server.api, flagCount, options);
      const { secret } = await makeKey(server.api, 'server');
      const start = async (cacheDir: string) => {
        const spawnedMs = nowMs();
        const child = new URL('child.ts', import.meta.url);
        const reply = await askChild<FirstAnswerReply>(child, [server.url, secret, flagKey, cacheDir]);
        if (reply.firstState !== (cacheDir === '' ? 'live' : 'cached')) throw new Error(`it was ${reply.firstState}`);
        const since = (ms: number) => ms - spawnedMs;
        return { started: since(reply.startedMs), answered: since(reply.answeredMs), live: since(reply.liveMs) };
      };
      // The first one has nothing on its disk yet; it is no figure.
      await askChild(new URL('child.ts', import.meta.url), [server.url, secret, flagKey, folder.path]);
      const cold: Awaited<ReturnType<typeof start>>[] = [];
      const warm: typeof cold = [];
      for (let i = 1; i <= rounds; i++) {
        say(`round ${i} of ${rounds} ...`);
        cold.push(await start(''));
        warm.push(await start(folder.path));
      }
      const floor = round(median(cold.map(({ started }) => started)));
      const line = (what: string, values: readonly number[]): Measurement => ({
        case: what,
        unit: 'ms',
        better: 'lower',
        ours: round(median(values)),
        floor,
      });
      return {
        measurements: [
          line(
            'without cacheDir: first live answer',
            cold.map(({ live }) => live),
          ),
          line(
            'with cacheDir: first answer, from disk',
            warm.map(({ answered }) => answered),
          ),
          line(
            'with cacheDir: first live answer',
            warm.map(({ live }) => live),
          ),
        ],
        notes: ['floor: until the first line of the program runs; loading the SDK is in the figures, and loopback'],
      };
    } finally {
      await server.remove();
      folder.remove();
    }
  },
};
