import { setTimeout as sleep } from 'node:timers/promises';
import { startServer, type TestServer } from '../../processes/server.ts';
import { round } from '../statistics.ts';
import type { Options, Outcome, Subject } from '../subject.ts';
import { Caller } from './caller.ts';

const flagCount = 100;
const callerCount = 32;

/** How many pages' or programs' flags the server evaluates on one core, over HTTP. */
export const ofrep: Subject = {
  name: 'ofrep',
  about: 'OFREP bulk evaluation of 100 flags (a 50 % split each) over loopback HTTP: requests a second of one core',

  async measure(options) {
    // What is measured is what the server can do, not what it lets one key have of it.
    const server = await startServer({ env: { BUNTING_EVALUATIONS_PER_KEY_PER_SECOND: '0' } });
    try {
      return report(await call(server, await prepare(server), options));
    } finally {
      await server.remove();
    }
  },
};

/** @returns an SDK key */
async function prepare({ api }: TestServer): Promise<string> {
  const weights = ['on', 'off'].map((variant) => ({ variant, weightPer100k: 50_000 }));
  for (let i = 0; i < flagCount; i++) {
    await api.call('POST', '/projects/default/flags', { key: `flag-${i}`, type: 'boolean' });
    const state = { enabled: true, defaultRule: { split: { weights } } };
    await api.call('PATCH', `/projects/default/flags/flag-${i}/environments/development`, state);
  }
  const key = { kind: 'server', name: 'bench' };
  return (await api.call<{ secret: string }>('POST', '/projects/default/environments/development/keys', key)).secret;
}

interface Round {
  readonly answers: number;
  readonly bytes: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
}

async function call(server: TestServer, sdkKey: string, { quick, say }: Options): Promise<Round> {
  const headers = { authorization: `Bearer ${sdkKey}`, 'content-type': 'application/json' };
  let subject = 0;
  const nextBody = () => `{"context":{"targetingKey":"user-${subject++ % 10_000}","country":"NL"}}`;
  const url = new URL('/ofrep/v1/evaluate/flags', server.url);
  const callers = Array.from({ length: callerCount }, () => new Caller(url, headers, nextBody));
  const sum = (read: (caller: Caller) => number) => callers.reduce((total, caller) => total + read(caller), 0);
  try {
    say('warming up ...');
    await sleep(quick ? 500 : 3_000);
    const before = { answers: sum(({ answers }) => answers), bytes: sum(({ bytes }) => bytes) };
    const cpuBefore = await readCpuSeconds(server.url);
    const startedMs = performance.now();
    say('measuring ...');
    await sleep(quick ? 1_000 : 10_000);
    const seconds = (performance.now() - startedMs) / 1000;
    const answers = sum((caller) => caller.answers) - before.answers;
    const bytes = sum((caller) => caller.bytes) - before.bytes;
    const cpuSeconds = (await readCpuSeconds(server.url)) - cpuBefore;
    const odd = callers.flatMap((caller) => [...caller.odd]);
    if (odd.length > 0) throw new Error(`not every request was answered with 200: ${JSON.stringify(odd)}`);
    return { answers, bytes, seconds, cpuSeconds };
  } finally {
    for (const caller of callers) caller.stop();
  }
}

/** What the server's process has used so far, all its threads together. */
async function readCpuSeconds(serverUrl: string): Promise<number> {
  const text = await (await fetch(`${serverUrl}/metrics`)).text();
  return Number(/^process_cpu_seconds_total (\S+)/m.exec(text)?.[1]);
}

function report({ answers, bytes, seconds, cpuSeconds }: Round): Outcome {
  return {
    measurements: [
      {
        case: '100 flags, requests per second of the server’s CPU time',
        unit: 'requests',
        better: 'higher',
        ours: Math.round(answers / cpuSeconds),
        budget: 10_000,
      },
      {
        case: '100 flags, requests per second, callers on the same machine',
        unit: 'requests',
        better: 'higher',
        ours: Math.round(answers / seconds),
      },
      { case: 'an answer, head included', unit: 'bytes', better: 'lower', ours: round(bytes / answers) },
    ],
    notes: [
      `${callerCount} connections, one request at a time each, another subject in every request`,
      'seen elsewhere on such a machine: Unleash /api/frontend 716 a second; Fastify sending a like body 14 075',
    ],
  };
}
