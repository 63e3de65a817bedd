import { afterEach, expect, test } from 'vitest';
import { readStored } from '../fresh-answers.ts';
import { HistoryCheck } from '../history-check.ts';
import { expectPageEqual } from '../scene.ts';
import { readMinutes, readPlan, seeded } from '../seeded.ts';
import { type Estate, type EstateSize, startEstate } from './estate.ts';
import { ExposureCheck } from './exposure-check.ts';
import { checkKill } from './kill-check.ts';
import { Ledger } from './ledger.ts';
import { type MenuOptions, menuOf } from './menu.ts';
import { gatherPeople, type People } from './people.ts';
import { countDescriptors, expectConverged, SETTLE_MS } from './settle.ts';
import { type StormPlan, storm } from './storm.ts';
import { releasedKeys } from './watched-flags.ts';

interface Size extends EstateSize, MenuOptions {
  /** From the first storm to the beginning of the last calm. */
  readonly minutes: number;
  readonly storm: StormPlan;
}

const plan = readPlan<Size>({
  sample: {
    ...{
      minutes: 0.05,
      servers: 2,
      applications: 2,
      instances: 1,
      workers: 0,
      withPage: false,
      pace: 0.1,
      waitForSilent: false,
    },
    storm: { forMs: 3_000, everyMs: 300, atOnce: 3, length: 0.08 },
  },
  whole: {
    ...{
      minutes: 30,
      servers: 3,
      applications: 4,
      instances: 3,
      workers: 1,
      withPage: true,
      pace: 1,
      waitForSilent: true,
    },
    storm: { forMs: 210_000, everyMs: 3_000, atOnce: 4, length: 1 },
  },
});
const { seed, size, isWhole } = plan;
const minutes = readMinutes(plan);
/** Of all processes of a kind together: sockets of requests under way, and connections of pools. */
const MORE_DESCRIPTORS = 60;

const ledger = new Ledger();
let estate: Estate | undefined;

afterEach(async () => {
  await estate?.close();
});

test(`for ${minutes} minutes anything breaks at random, several things at a time: nothing is lost, undone, shown too early or left behind`, {
  timeout: (minutes + 20) * 60_000,
}, async ({ skip }) => {
  const random = seeded(seed);
  estate = await startEstate(size, ledger, random);
  if (estate === undefined) return skip();
  console.log(`faults: seed ${seed}`);
  try {
    console.log(`faults: seed ${seed}; ${await run(estate, random)}`);
    await estate.close();
    estate = undefined;
  } catch (error) {
    ledger.blame(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  if (ledger.blames.length === 0) return;
  const again = `BUNTING_SEED=${seed} BUNTING_MINUTES=${minutes} npm run prove -- faults`;
  throw new Error([...ledger.blames, '', ledger.timeline, '', `To run it again: ${again}`].join('\n'));
});

/** @returns a line for the log */
async function run(on: Estate, random: () => number): Promise<string> {
  const people = await gatherPeople(on, { ledger, random, pace: size.pace });
  const checks = {
    history: new HistoryCheck(on.apis[0], random),
    exposure: new ExposureCheck(on.apis[0], ledger, releasedKeys),
  };
  await expectConverged(on);
  const before = await countDescriptors(on);
  // One that is killed meanwhile has told before.
  const report = () => Promise.all(on.applications.map((application) => application.report())).catch(() => {});
  const reporting = setInterval(() => void report(), 1_000);
  let faults = 0;
  const killsMs: number[] = [];
  try {
    const untilMs = performance.now() + minutes * 60_000;
    for (
      let leftMs = minutes * 60_000;
      leftMs > 0 && ledger.blames.length === 0;
      leftMs = untilMs - performance.now()
    ) {
      people.start();
      faults += await storm(
        menuOf(on, random, size),
        { ...size.storm, forMs: Math.min(leftMs, size.storm.forMs) },
        ledger,
        random,
      );
      ledger.say('nothing breaks any more');
      await people.stop();
      killsMs.push(await checkAll(on, people, checks));
      if (isWhole) console.log(`faults: ${faults} so far; ${ledger.blames.length} blames`);
    }
  } finally {
    clearInterval(reporting);
  }
  const after = await countDescriptors(on);
  for (const [name, count] of Object.entries(after)) {
    if (count > (before[name] ?? 0) + MORE_DESCRIPTORS)
      ledger.blame(`${name} have ${count} files and sockets open, and had ${before[name]}`);
  }
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
  const { editors, keyWriter, guardians, releasers, planner } = people;
  const ends = releasers.flatMap((releaser) => releaser.ends);
  return [
    `${faults} faults, ${killsMs.length} calms`,
    `${sum(editors.map(({ acknowledged }) => acknowledged)) + keyWriter.acknowledged} edits acknowledged, none lost`,
    `${sum(guardians.map(({ killings }) => killings.length))} kills; ${sum(guardians.map(({ checked }) => checked))} of them far apart, none undone`,
    `a kill in calm obeyed everywhere after ${killsMs.map(Math.round).join(', ')} ms`,
    `releases: ${[...new Set(ends)].map((end) => `${ends.filter((one) => one === end).length} ${end}`).join(', ')}`,
    `${planner.count} schedules`,
    `exposure compared at ${checks.exposure.revisions} revisions`,
    `${ledger.answers} answers of numbers, none wrong`,
    `files and sockets ${JSON.stringify(before)}, then ${JSON.stringify(after)}`,
  ].join('; ');
}

/** What holds whenever nothing breaks any more. @returns how long a kill took from the request until all instances obeyed */
async function checkAll(
  on: Estate,
  { editors, keyWriter, releasers, guardians }: People,
  { history, exposure }: { readonly history: HistoryCheck; readonly exposure: ExposureCheck },
): Promise<number> {
  for (const editor of editors) await editor.editAll();
  await guardians[0].rearm();
  await expectConverged(on);
  const stored = await readStored(on.apis[0]);
  for (const editor of editors) editor.expectNothingLost(stored.flags);
  if (on.page !== undefined) await expectPageEqual(on.page, stored, SETTLE_MS);
  await keyWriter.expectNothingLost();
  await history.expectWhole();
  const tookMs = await checkKill(guardians[0], on, ledger);
  await Promise.all(on.applications.map((application) => application.report()));
  for (const guardian of guardians) guardian.check(ledger.sightings);
  await exposure.check(releasers);
  const path = '/projects/default/environments/development/kills';
  const { items } = await on.apis[0].call<{ items: { by: { kind: string } }[] }>('GET', path);
  // Nothing that is measured ever failed.
  expect(items.filter(({ by }) => by.kind === 'safeguard')).toEqual([]);
  return tookMs;
}
