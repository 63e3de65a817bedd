import { setTimeout as sleep } from 'node:timers/promises';
import { nowMs } from '../../processes/clock.ts';
import type { Crowd } from '../../processes/fleet.ts';
import { CrowdedServer, requireDescriptors } from '../crowded-server.ts';
import { show } from '../report.ts';
import { median, round } from '../statistics.ts';
import type { Options, Subject } from '../subject.ts';

const clientProcesses = 2;

/** What a server's death costs its instances. */
export const storm: Subject = {
  name: 'storm',
  about: 'from the death of a server (kill -9, started again at once) until all of 10 000 instances are current',

  async measure(options) {
    const size = options.quick ? 500 : 10_000;
    const deaths = options.quick ? 1 : 5;
    requireDescriptors(size);
    const server = await CrowdedServer.start(clientProcesses);
    try {
      options.say(`${size} instances: connecting ...`);
      const { crowd } = await server.open(size, { receipts: true });
      const measured: Death[] = [];
      for (let i = 0; i < deaths; i++) measured.push(await die(server, crowd, options));
      const instances = `${show(size)} instances`;
      const lines: [string, string, (death: Death) => number][] = [
        ['death to listening again', 'ms', (death) => death.downMs],
        ['death to all current', 'ms', (death) => death.currentMs],
        ['listening again to all current', 'ms', (death) => death.currentMs - death.downMs],
        ['connections opened for each instance', '', (death) => death.attempts / size],
        ['highest queue of the pacing', '', (death) => death.highestQueue],
        ['sent away to come back later', '', (death) => death.goodbyes],
        ['longest block of the event loop', 'ms', (death) => death.longestBlockMs],
      ];
      return {
        measurements: lines.map(([name, unit, value]) => ({
          case: `${instances}, ${name}`,
          unit,
          better: 'lower',
          ours: round(median(measured.map(value))),
        })),
        notes: [
          `median of ${deaths}; clients in ${clientProcesses} processes back off as the Node SDK does: full jitter up to 250 ms, doubled with each failure`,
          'current: connected again, and at a revision that was committed after the restart',
        ],
      };
    } finally {
      await server.stop();
    }
  },
};

interface Death {
  readonly downMs: number;
  readonly currentMs: number;
  /** Connections that were opened, those that failed included. */
  readonly attempts: number;
  /** How often a client was told to come back later: the server's pacing. */
  readonly goodbyes: number;
  readonly longestBlockMs: number;
  /** Clients that waited to be let in, at most. */
  readonly highestQueue: number;
}

const LOOK_EVERY_MS = 50;

async function die(crowded: CrowdedServer, crowd: Crowd, { say }: Options): Promise<Death> {
  const before = await crowd.census();
  const diedMs = nowMs();
  await crowded.server.kill();
  await crowded.server.restart();
  const downMs = nowMs() - diedMs;
  const queue = watchQueue(crowded.server.url);
  const currentMs = (await crowd.current(await crowded.toggle())) - diedMs;
  const highestQueue = await queue.stop();
  const { longestBlockMs } = await crowded.gauge();
  const after = await crowd.census();
  if (after.faults.length > 0) throw new Error(`a client met what should not be: ${after.faults[0]}`);
  say(`all current after ${Math.round(currentMs)} ms`);
  // A connection that held for 10 s is a steady one: its next failure is the first in a row again.
  await sleep(10_500);
  return {
    downMs,
    currentMs,
    attempts: after.connects - before.connects,
    goodbyes: after.goodbyes - before.goodbyes,
    longestBlockMs,
    highestQueue,
  };
}

/** Looks again and again at how many clients wait until the server lets them in. */
function watchQueue(serverUrl: string): { stop(): Promise<number> } {
  let highest = 0;
  let isWatching = true;
  const watch = async () => {
    while (isWatching) {
      const metrics = await (await fetch(`${serverUrl}/metrics`)).text();
      highest = Math.max(highest, Number(/^bunting_stream_admission_queue (\d+)/m.exec(metrics)?.[1] ?? Number.NaN));
      await sleep(LOOK_EVERY_MS);
    }
    return highest;
  };
  const watched = watch();
  return {
    stop() {
      isWatching = false;
      return watched;
    },
  };
}
