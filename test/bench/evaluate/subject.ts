import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bunting, type Contender, floors, loadAdapter, peers } from '../adapter.ts';
import { makeHundredFlags, type Workload, workloads } from '../data-set.ts';
import { installedName, installPeers } from '../install-peers.ts';
import { median, round } from '../statistics.ts';
import type { Measurement, Options, Outcome, Subject } from '../subject.ts';
import { Contestant } from './contestant.ts';
import { bytesFlags } from './gauge.ts';

const budgetsNs: Record<Workload['flagKey'], number> = {
  'on-off': 24,
  'half-rollout': 100,
  'five-rules': 250,
  'in-segment': 100,
  'with-prerequisite': 60,
};

/** One call of a server SDK's public API, side by side: each SDK in a process of its own, one active at a time. */
export const evaluate: Subject = {
  name: 'evaluate',
  about: 'one isEnabled call through the public API, next to seven other SDKs: ns and bytes',

  async measure(options) {
    installPeers(options.say);
    const folder = mkdtempSync(join(tmpdir(), 'bunting-bench-'));
    try {
      const cells = await plan();
      await run(cells, folder, [], (contestants) => timeInRounds(cells, contestants, options));
      options.say('bytes ...');
      await run(cells, folder, bytesFlags, (contestants) => countBytes(cells, contestants));
      return report(cells);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

/** One number of the table: a workload on a contender, with what was measured of it. */
interface Cell {
  readonly contender: Contender;
  readonly workload: Workload;
  /** Why the contender has no such number. */
  readonly cannot: string | undefined;
  readonly roundsNs: number[];
  bytes: number;
}

async function plan(): Promise<Cell[]> {
  const cells: Cell[] = [];
  for (const contender of [bunting, floors.byHand, ...peers]) {
    const { cannot } = await loadAdapter(contender.file);
    for (const workload of workloads) {
      cells.push({ contender, workload, cannot: cannot?.[workload.flagKey], roundsNs: [], bytes: 0 });
    }
  }
  cells.push({ contender: floors.mapGet, workload: workloads[0], cannot: undefined, roundsNs: [], bytes: 0 });
  cells.push({ contender: floors.murmur, workload: workloads[1], cannot: undefined, roundsNs: [], bytes: 0 });
  return cells;
}

type Contestants = ReadonlyMap<Contender, Contestant>;

async function run(
  cells: readonly Cell[],
  folder: string,
  nodeFlags: readonly string[],
  measure: (contestants: Contestants) => Promise<void>,
): Promise<void> {
  const dataSet = makeHundredFlags();
  const contestants = new Map<Contender, Contestant>();
  try {
    for (const { contender } of cells) {
      if (contestants.has(contender)) continue;
      contestants.set(contender, await Contestant.start(contender, dataSet, folder, nodeFlags));
    }
    await checkAnswers(cells, contestants);
    await measure(contestants);
  } finally {
    await Promise.all([...contestants.values()].map((contestant) => contestant.stop()));
  }
}

/** A fast wrong answer is worth nothing: each flag must be on for the share of subjects that the workload says. */
async function checkAnswers(cells: readonly Cell[], contestants: Contestants): Promise<void> {
  for (const { contender, workload, cannot } of cells) {
    if (cannot !== undefined) continue;
    const share = await contestants.get(contender)?.ask({ measure: 'share', flagKey: workload.flagKey });
    const [atLeast, atMost] = workload.share;
    if (share === undefined || share < atLeast || share > atMost) {
      throw new Error(`${contender.name} has "${workload.name}" on for ${share}, not for ${atLeast} to ${atMost}`);
    }
  }
}

/** Every cell once a round, so that whatever else the machine does falls on all alike. The first round only warms up. */
async function timeInRounds(cells: Cell[], contestants: Contestants, options: Options): Promise<void> {
  const rounds = options.quick ? 3 : 7;
  const durationMs = options.quick ? 20 : 150;
  for (let round = 0; round <= rounds; round++) {
    options.say(round === 0 ? 'warming up ...' : `round ${round} of ${rounds} ...`);
    for (const { workload } of cells.filter((cell) => cell.contender === bunting)) {
      const row = cells.filter((cell) => cell.workload === workload && cell.cannot === undefined);
      // Another one begins each round, for the first of a row follows a pause of its own process.
      for (let i = 0; i < row.length; i++) {
        const cell = row[(i + round) % row.length];
        const contestant = cell && contestants.get(cell.contender);
        if (!cell || !contestant) continue;
        const ns = await contestant.ask({ measure: 'time', flagKey: workload.flagKey, durationMs });
        if (round > 0) cell.roundsNs.push(ns);
      }
    }
  }
}

async function countBytes(cells: Cell[], contestants: Contestants): Promise<void> {
  for (const cell of cells) {
    const contestant = contestants.get(cell.contender);
    if (cell.cannot !== undefined || !contestant) continue;
    cell.bytes = await contestant.ask({ measure: 'bytes', flagKey: cell.workload.flagKey });
  }
}

function report(cells: readonly Cell[]): Outcome {
  const measurements = [
    ...workloads.map((workload) => row(cells, workload, 'ns')),
    ...workloads.map((workload) => row(cells, workload, 'bytes')),
    floorRow(cells, floors.mapGet, 'floor: Map.get among 100 keys'),
    floorRow(cells, floors.murmur, 'floor: murmur3 of a 13-character id'),
  ];
  const notes = cells.flatMap((cell) =>
    cell.cannot === undefined ? [] : [`${cell.contender.name}, ${cell.workload.name}: n/a, ${cell.cannot}`],
  );
  const spreads = cells.filter((cell) => cell.roundsNs.length > 0).map(({ roundsNs }) => spreadOf(roundsNs));
  notes.push(`spread between rounds, (max - min) / median: ${Math.round(median(spreads) * 100)} % for the median cell`);
  return { measurements, notes };
}

function row(cells: readonly Cell[], workload: Workload, unit: 'ns' | 'bytes'): Measurement {
  const inRow = cells.filter((cell) => cell.workload === workload && cell.cannot === undefined);
  const figureOf = (contender: Contender) => {
    const cell = inRow.find((candidate) => candidate.contender === contender);
    if (!cell) throw new Error(`${contender.name} has no cell for ${workload.name}`);
    return unit === 'ns' ? round(median(cell.roundsNs)) : Number(cell.bytes.toFixed(1));
  };
  return {
    case: workload.name,
    unit: `${unit}/call`,
    better: 'lower',
    ours: figureOf(bunting),
    peers: Object.fromEntries(
      inRow
        .filter(({ contender }) => peers.includes(contender))
        .map(({ contender }) => [installedName(contender), figureOf(contender)]),
    ),
    floor: figureOf(floors.byHand),
    budget: unit === 'ns' ? budgetsNs[workload.flagKey] : 0,
  };
}

function floorRow(cells: readonly Cell[], contender: Contender, name: string): Measurement {
  const cell = cells.find((candidate) => candidate.contender === contender);
  return { case: name, unit: 'ns/call', better: 'lower', ours: round(median(cell?.roundsNs ?? [])) };
}

function spreadOf(values: readonly number[]): number {
  return (Math.max(...values) - Math.min(...values)) / median(values);
}
