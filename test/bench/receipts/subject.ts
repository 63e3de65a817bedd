import { readReceipts } from '../../processes/flags.ts';
import { waitFor } from '../../processes/wait.ts';
import { CrowdedServer, requireDescriptors } from '../crowded-server.ts';
import { show } from '../report.ts';
import { percentile, round } from '../statistics.ts';
import type { Measurement, Options, Subject } from '../subject.ts';

const clientProcesses = 1;
const warmUps = 5;

/** How soon the server knows that every instance has a change. */
export const receipts: Subject = {
  name: 'receipts',
  about: 'commit to the receipt of the last of 1 000 and 10 000 instances, as the API tells it',

  async measure(options) {
    const sizes = options.quick ? [500] : [1_000, 10_000];
    const rounds = options.quick ? 5 : 100;
    requireDescriptors(Math.max(...sizes));
    const measurements: Measurement[] = [];
    for (const size of sizes) measurements.push(...report(size, await measureSize(size, rounds, options)));
    return {
      measurements,
      notes: [
        `${rounds} changes a size, one at a time; each instance confirms each change; client processes: ${clientProcesses}`,
        'the times are what GET .../receipts answers: from the commit to the receipt, by the clock of the server',
      ],
    };
  },
};

/** One change, as it was confirmed. In milliseconds from its commit. */
interface Round {
  readonly firstMs: number;
  readonly lastMs: number;
}

async function measureSize(size: number, rounds: number, { say }: Options): Promise<Round[]> {
  const server = await CrowdedServer.start(clientProcesses);
  try {
    say(`${size} instances: connecting ...`);
    const { crowd } = await server.open(size, { receipts: true });
    say(`${size} instances: ${warmUps + rounds} changes ...`);
    const measured: Round[] = [];
    for (let i = 0; i < warmUps + rounds; i++) {
      // Asked only when all have it: what asking costs the server is not of what is measured.
      await crowd.arrivals(await server.toggle());
      const { firstMs, lastMs } = await waitFor(
        'the receipts of all',
        async () => {
          const seen = await readReceipts(server.server.api);
          return seen.confirmed === size && seen;
        },
        30_000,
      );
      if (i >= warmUps) measured.push({ firstMs: firstMs ?? Number.NaN, lastMs: lastMs ?? Number.NaN });
    }
    return measured;
  } finally {
    await server.stop();
  }
}

function report(size: number, rounds: readonly Round[]): Measurement[] {
  const instances = `${show(size)} instances`;
  const line = (name: string, values: readonly number[], percent: number): Measurement => ({
    case: `${instances}, commit to ${name} receipt, p${percent}`,
    unit: 'ms',
    better: 'lower',
    ours: round(percentile(values, percent)),
  });
  const last = rounds.map(({ lastMs }) => lastMs);
  return [
    line(
      'first',
      rounds.map(({ firstMs }) => firstMs),
      50,
    ),
    line('last', last, 50),
    line('last', last, 99),
  ];
}
