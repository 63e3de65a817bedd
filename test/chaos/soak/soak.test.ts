import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { root } from '../../../tools/steps.ts';
import { record } from '../../bench/record.ts';
import { Editor } from '../editor.ts';
import { readMinutes, readPlan, seeded } from '../seeded.ts';
import { type Estate, startEstate } from './estate.ts';
import { exceeded, judge } from './judge.ts';
import { plot } from './plot.ts';
import { Recorder } from './recorder.ts';
import { ReleaseLoop } from './release-loop.ts';
import type { Sheet } from './sheet.ts';

const plan = readPlan({
  sample: { minutes: 0.08, everyMs: 1_600, instances: 20, processes: 1, soakSeconds: 0, betweenEditsMs: 200 },
  whole: { minutes: 45, everyMs: 10_000, instances: 500, processes: 4, soakSeconds: 10, betweenEditsMs: 4_000 },
});
const { seed, size, isWhole } = plan;
const minutes = readMinutes(plan);
const about = `a server, a relay, the demo's shop and ${size.instances} SDK instances, a release in a loop and an edit every ${size.betweenEditsMs / 1_000} s, for ${minutes} minutes`;

let estate: Estate | undefined;

afterEach(() => estate?.close());

test(`${about}: nothing grows, every answer is right, no receipt is missing`, {
  timeout: (minutes + 15) * 60_000,
}, async () => {
  estate = await startEstate(size);
  const editor = new Editor([estate.server.api], seeded(seed), { betweenEditsMs: size.betweenEditsMs });
  editor.start();
  const releases = new ReleaseLoop(estate.server.api, size.soakSeconds);
  const recorder = new Recorder({ estate, editor, releases });
  try {
    let said = 0;
    await recorder.record(minutes * 60_000, size.everyMs, ({ seconds = 0, ...row }) => {
      if (!isWhole || seconds < said + 60) return;
      said = seconds;
      console.log(`soak: ${Math.round(seconds / 60)} min; ${JSON.stringify(row)}`);
    });
    await editor.stop();
    await releases.stop();
    const { faults } = await estate.witnesses.heard();
    expect(faults).toEqual([]);
  } finally {
    keep(recorder.sheet);
  }
  const measurements = judge(recorder.sheet);
  // Growth needs time to be told from chance.
  const judged = isWhole ? measurements : measurements.filter(({ budget }) => budget === 0);
  expect(releases.count).toBeGreaterThan(0);
  expect(exceeded(judged)).toEqual([]);
});

/** The whole one, for whoever looks at it afterwards; into the documents when that is asked for. */
function keep(sheet: Sheet): void {
  if (!isWhole || sheet.rows.length === 0) return;
  const folder = join(root, '.cache/soak');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'soak.csv'), sheet.toCsv());
  writeFileSync(join(folder, 'soak.svg'), plot(sheet, about));
  console.log(`soak: seed ${seed}; every reading is in ${folder}/soak.csv, drawn in soak.svg`);
  if (process.env.BUNTING_RECORD !== '1') return;
  writeFileSync(join(root, 'docs/images/soak.svg'), plot(sheet, about));
  record(
    { name: 'soak', about, command: 'npm run prove -- soak --record' },
    {
      measurements: judge(sheet),
      notes: [
        'over time: [soak.svg](images/soak.svg). Budgets are the bounds that the proof holds them to',
        'growth: the median slope between all pairs of minutes after the first quarter of the time, and the upper end of its 95 % interval, which is what is held to the bound',
        'the server keeps the latest 5 000 changes for who reconnects, up to 1 KB each: until they have come, its heap grows',
      ],
    },
  );
}
