import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { changeFlag, makeFlag, makeKey, split } from '../../processes/flags.ts';
import { Remote } from '../../processes/remote.ts';
import { startServer, type TestServer } from '../../processes/server.ts';
import { median, round } from '../statistics.ts';
import type { Measurement, Subject } from '../subject.ts';
import type { CallersCalls } from './callers-main.ts';

/** Code that begins to fail, as the standard safeguards see it. */
interface Harm {
  readonly callsPerSecond: number;
  /** Percent of subjects that get the new code. */
  readonly sharePercent: number;
  /** How often it fails from then on, 0 to 1. */
  readonly failing: number;
}

const BASE = 0.001;
const FLAG = 'new-code';
const PROCESSES = 2;
const INSTANCES = 5;
/** How long all is well at first. */
const WELL_MS = 20_000;

const HARMS: readonly Harm[] = [100, 1_000].flatMap((callsPerSecond) =>
  [5, 50].flatMap((sharePercent) => [0.01, 0.05, 0.5].map((failing) => ({ callsPerSecond, sharePercent, failing }))),
);

interface Detected {
  /** Undefined: not in time. */
  readonly seconds: number | undefined;
  readonly failed: number;
}

/** From when code begins to fail until it is off at every SDK, with nobody acting, and what it cost until then. */
export const detection: Subject = {
  name: 'detection',
  about:
    'code begins to fail: until the standard safeguards have it off at every SDK, and calls that failed until then',

  async measure({ quick, say }) {
    const harms = quick ? HARMS.filter(({ failing }) => failing === 0.5) : HARMS;
    const server = await startServer();
    const callers = Array.from(
      { length: PROCESSES },
      () => new Remote<CallersCalls>(join(import.meta.dirname, 'callers-main.ts')),
    );
    const found = new Map(harms.map((harm) => [harm, [] as Detected[]]));
    try {
      const rounds = quick ? 1 : 5;
      let left = harms;
      for (let roundNumber = 0; roundNumber < rounds; roundNumber++) {
        say(`round ${roundNumber + 1}: ${left.length} cases side by side ...`);
        const limitMs = (quick ? 30 : roundNumber === 0 ? 900 : 120) * 1000;
        const results = await Promise.all(
          left.map((harm, at) => detectOne(server, callers, harm, `r${roundNumber}-${at}`, limitMs)),
        );
        for (const [at, harm] of left.entries()) found.get(harm)?.push(results[at] as Detected);
        // The long ones once.
        left = left.filter((harm) => (found.get(harm)?.[0]?.seconds ?? Number.POSITIVE_INFINITY) < 60);
      }
    } finally {
      await Promise.all(callers.map((each) => each.stop()));
      await server.remove();
    }
    return {
      measurements: harms.flatMap((harm) => describe(harm, found.get(harm) ?? [])),
      notes: [
        `standard safeguards (crash, relative risk, placebo rank); ${BASE * 100} % fail before, of both sides, for ${WELL_MS / 1000} s`,
        `one server on SQLite, ${PROCESSES * INSTANCES} SDK instances a case in ${PROCESSES} processes; all cases side by side, each in an environment of its own`,
        'median of 5 where the first took less than 60 s, else one run; NaN: not within 15 minutes',
      ],
    };
  },
};

async function detectOne(
  server: TestServer,
  callers: readonly Remote<CallersCalls>[],
  { callsPerSecond, sharePercent, failing }: Harm,
  group: string,
  limitMs: number,
): Promise<Detected> {
  const sdkKey = await prepare(server, group, sharePercent);
  const ask = <T>(call: (remote: Remote<CallersCalls>) => Promise<T>) => Promise.all(callers.map(call));
  const each = { group, sdkKey, flag: FLAG, failing: BASE, callsPerSecond: callsPerSecond / callers.length };
  await ask((remote) => remote.call('begin', { url: server.url, groups: [{ ...each, instances: INSTANCES }] }));
  await sleep(WELL_MS);
  const beganMs = Date.now();
  await ask((remote) => remote.call('harm', { group, failing }));
  for (;;) {
    await sleep(50);
    const seen = await ask((remote) => remote.call('read', { group }));
    const failed = seen.reduce((sum, one) => sum + one.failed, 0);
    const times = seen.flatMap(({ offAtMs }) => offAtMs ?? []);
    const isOff = times.length === seen.length;
    if (!isOff && Date.now() - beganMs < limitMs) continue;
    await ask((remote) => remote.call('end', { group }));
    return { seconds: isOff ? (Math.max(...times) - beganMs) / 1000 : undefined, failed };
  }
}

/** An environment of its own: a kill must not cool down the safeguards of other cases. */
async function prepare({ api }: TestServer, group: string, sharePercent: number): Promise<string> {
  const project = '/projects/default';
  if (group.endsWith('-0') && group.startsWith('r0')) await makeFlag(api, { key: FLAG, type: 'boolean' });
  else await waitForFlag(() => api.request('GET', `${project}/flags/${FLAG}`));
  await api.call('POST', `${project}/environments`, { key: group, name: group });
  const defaultRule = split({ on: sharePercent, off: 100 - sharePercent });
  await changeFlag(api, FLAG, { enabled: true, slices: true, defaultRule }, group);
  await api.call('POST', `${project}/environments/${group}/safeguards/standard`, { watch: { flag: FLAG } });
  return (await makeKey(api, 'server', group)).secret;
}

async function waitForFlag(get: () => Promise<{ readonly status: number }>): Promise<void> {
  while ((await get()).status !== 200) await sleep(20);
}

function describe({ callsPerSecond, sharePercent, failing }: Harm, found: readonly Detected[]): Measurement[] {
  const name = `${callsPerSecond} calls/s, ${sharePercent} % of subjects, ${100 * BASE} % to ${100 * failing} %`;
  const isMissed = found.some(({ seconds }) => seconds === undefined);
  const seconds = isMissed ? Number.NaN : median(found.map((one) => one.seconds ?? Number.NaN));
  return [
    { case: `${name}: until off everywhere`, unit: 's', better: 'lower', ours: round(seconds) },
    {
      case: `${name}: failed calls`,
      unit: 'calls',
      better: 'lower',
      ours: round(median(found.map((one) => one.failed))),
    },
  ];
}
