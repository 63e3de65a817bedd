import { setTimeout as sleep } from 'node:timers/promises';
import { CrowdedServer, requireDescriptors } from '../crowded-server.ts';
import { show } from '../report.ts';
import { median, round } from '../statistics.ts';
import type { Measurement, Options, Subject } from '../subject.ts';
import { BareServer } from './bare-server.ts';
import { FrameTap } from './frame-tap.ts';
import { type Round, toRound } from './round.ts';

const overRawBudget = 1.15;
const idleBudgetKb = 12;
/** For each of the two servers: with more, three processes would share two processors on a small machine. */
const clientProcesses = 1;
const warmUps = 5;

/** How long one change takes to reach every socket, and what sockets cost. */
export const fanOut: Subject = {
  name: 'fan-out',
  about: 'one change to 1 000, 5 000 and 10 000 sockets, next to raw writes of the same bytes; what sockets cost',

  async measure(options) {
    const sizes = options.quick ? [200, 1_000] : [1_000, 5_000, 10_000];
    requireDescriptors(Math.max(...sizes));
    const measurements: Measurement[] = [];
    for (const size of sizes) measurements.push(...report(size, await measureSize(size, options)));
    return {
      measurements,
      notes: [
        `${sizes.length} sizes, each with a server of its own; ours and the raw one have ${clientProcesses} process of clients each, on 127.0.0.2 to 127.0.0.9; no receipts`,
        'times count from the first client that had the change; medians of the rounds, ours and raw by turns',
        'raw (floor): a bare `net` server writes the very frame of that round to as many sockets, in one loop',
        'CPU: of the process that writes, less what the same change takes it without any sockets',
        'accepted: until the client had its snapshot, so the clients and the hello are in it',
      ],
    };
  },
};

interface Figures {
  readonly ours: readonly Round[];
  readonly raw: readonly Round[];
  readonly acceptedPerSecond: number;
  readonly idleBytes: number;
  /** Of a change without sockets. */
  readonly changeCpuMs: number;
}

/** A fresh server for each size: what a larger crowd left behind would not be told from what a smaller one needs. */
async function measureSize(size: number, { quick, say }: Options): Promise<Figures> {
  const rounds = quick ? 5 : 25;
  const server = await CrowdedServer.start(clientProcesses);
  let bare: BareServer | undefined;
  let tap: FrameTap | undefined;
  try {
    const changeCpuMs = await measureChange(server, rounds);
    say(`${size} sockets: connecting ...`);
    // What the first crowd makes the process ask of the system is not what a socket costs.
    await (await server.open(100, { receipts: false })).crowd.close();
    const emptyBytes = await residentBytes(server);
    const { crowd, tookMs } = await server.open(size, { receipts: false });
    const fullBytes = await residentBytes(server);
    bare = await BareServer.start(clientProcesses, size);
    tap = await FrameTap.open(server.server.url, server.key);
    say(`${size} sockets: ${warmUps + rounds} rounds ...`);
    const ours: Round[] = [];
    const raw: Round[] = [];
    for (let i = 0; i < warmUps + rounds; i++) {
      const before = await server.gauge();
      const number = await server.toggle();
      const mine = toRound(await crowd.arrivals(number), before, await server.gauge());
      const theirs = await bare.round(await tap.changeTo(number), number);
      if (i < warmUps) continue;
      ours.push(mine);
      raw.push(theirs);
    }
    const idleBytes = (fullBytes - emptyBytes) / size;
    return { ours, raw, acceptedPerSecond: (size / tookMs) * 1_000, idleBytes, changeCpuMs };
  } finally {
    tap?.close();
    await bare?.stop();
    await server.stop();
  }
}

async function measureChange(server: CrowdedServer, rounds: number): Promise<number> {
  const cpuMs: number[] = [];
  for (let i = 0; i < 20 + rounds; i++) {
    const before = await server.gauge();
    await server.toggle();
    const after = await server.gauge();
    if (i >= 20) cpuMs.push(after.cpuMs - before.cpuMs);
  }
  return median(cpuMs);
}

async function residentBytes(server: CrowdedServer): Promise<number> {
  // Sockets that were closed need a moment to be gone.
  await sleep(500);
  await server.gauge({ collected: true });
  return (await server.gauge({ collected: true })).residentBytes;
}

function report(size: number, figures: Figures): Measurement[] {
  const { ours, raw, changeCpuMs } = figures;
  const of = (rounds: readonly Round[], value: (round: Round) => number) => median(rounds.map(value));
  const sockets = `${show(size)} sockets`;
  const rawLastMs = of(raw, (one) => one.lastMs);
  const line = (name: string, unit: string, value: number, more: Partial<Measurement> = {}): Measurement => ({
    case: `${sockets}, ${name}`,
    unit,
    better: 'lower',
    ours: round(value),
    ...more,
  });
  const last = { floor: round(rawLastMs), budget: round(rawLastMs * overRawBudget) };
  const perTenThousand = 10_000 / size / 1_000;
  return [
    line(
      'first to last',
      'ms',
      of(ours, (one) => one.lastMs),
      last,
    ),
    line(
      'first to 99 %',
      'ms',
      of(ours, (one) => one.p99Ms),
      { floor: round(of(raw, (one) => one.p99Ms)) },
    ),
    line(
      'first to half',
      'ms',
      of(ours, (one) => one.p50Ms),
      { floor: round(of(raw, (one) => one.p50Ms)) },
    ),
    line('CPU for 10 000 sends', 's', (of(ours, (one) => one.cpuMs) - changeCpuMs) * perTenThousand, {
      floor: round(of(raw, (one) => one.cpuMs) * perTenThousand),
    }),
    line(
      'longest block of the event loop',
      'ms',
      of(ours, (one) => one.longestBlockMs),
      {
        floor: round(of(raw, (one) => one.longestBlockMs)),
      },
    ),
    line('memory of an idle connection', 'KB', figures.idleBytes / 1_000, { budget: idleBudgetKb }),
    line('connections accepted', '1/s', figures.acceptedPerSecond, { better: 'higher' }),
  ];
}
