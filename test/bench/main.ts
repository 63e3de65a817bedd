import { writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { parseArgs } from 'node:util';
import { alert } from './alert/subject.ts';
import { blame } from './blame/subject.ts';
import { commands } from './commands/subject.ts';
import { detection } from './detection/subject.ts';
import { evaluate } from './evaluate/subject.ts';
import { evidence } from './evidence/subject.ts';
import { fanOut } from './fan-out/subject.ts';
import { firstAnswer } from './first-answer/subject.ts';
import { history } from './history/subject.ts';
import { kills } from './kills/subject.ts';
import { lists } from './lists/subject.ts';
import { migration } from './migration/subject.ts';
import { mutations } from './mutations/subject.ts';
import { ofrep } from './ofrep/subject.ts';
import { paths } from './paths/subject.ts';
import { prometheus } from './prometheus/subject.ts';
import { push } from './push/subject.ts';
import { ready } from './ready/subject.ts';
import { receipts } from './receipts/subject.ts';
import { record } from './record.ts';
import { printTable } from './report.ts';
import { scale } from './scale/subject.ts';
import { sdkHeap } from './sdk-heap/subject.ts';
import { segments } from './segments/subject.ts';
import { size } from './size/subject.ts';
import { snapshot } from './snapshot/subject.ts';
import { storm } from './storm/subject.ts';
import type { Result, Subject } from './subject.ts';
import { takeover } from './takeover/subject.ts';
import { traffic } from './traffic/subject.ts';
import { twoServers } from './two-servers/subject.ts';
import { ui } from './ui/subject.ts';

/** Every subject; new ones are added here. */
const subjects: readonly Subject[] = [
  evaluate,
  scale,
  segments,
  paths,
  ready,
  firstAnswer,
  sdkHeap,
  push,
  fanOut,
  receipts,
  kills,
  alert,
  history,
  evidence,
  blame,
  detection,
  mutations,
  migration,
  storm,
  twoServers,
  snapshot,
  ofrep,
  lists,
  size,
  prometheus,
  commands,
  traffic,
  takeover,
  ui,
];

const usage = `npm run bench -- [SUBJECT...] [--json FILE] [--record] [--quick]

Measures, prints a table for each subject, and writes what it measured to FILE as JSON. Without a SUBJECT: all those
that need no naming. Budgets are reported, never enforced: the exit code is 0 unless something could not be measured.

${subjects.map(({ name, about, onlyWhenNamed }) => `  ${name.padEnd(14)} ${about}${onlyWhenNamed ? ' (only when named)' : ''}`).join('\n')}

  --json FILE  write an array of {subject, case, unit, better, ours, peers, floor, budget, node, date}
  --record     put the figures into docs/figures.md, each subject in place of its earlier ones
  --quick      short rounds: shows that the bench works, gives no figures worth quoting
  --help       this text
`;

// Ends at once, and by that everything it has started: see `started.ts` and `temp-folder.ts` in test/processes.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => process.exit(128 + constants.signals[signal]));
}

try {
  await main();
} catch (error) {
  console.error(`bench: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'string' },
      quick: { type: 'boolean' },
      record: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.quick && values.record) throw new Error('figures of a --quick run are not worth recording');
  if (values.help) {
    console.log(usage);
    return;
  }
  const chosen = choose(positionals);
  // A file that cannot be written is said now, not after minutes of measuring.
  if (values.json !== undefined) writeFileSync(values.json, '[]\n');
  const results: Result[] = [];
  for (const subject of chosen) {
    const outcome = await subject.measure({
      quick: values.quick === true,
      say: (text) => console.error(`${subject.name}: ${text}`),
    });
    const shared = { node: process.version, date: new Date().toISOString() };
    const measured = outcome.measurements.map((line): Result => ({ subject: subject.name, ...line, ...shared }));
    printTable(subject.name, measured, outcome.notes);
    results.push(...measured);
    if (values.record) record({ subject, results: measured, notes: outcome.notes });
    // After each subject: a later one that fails loses nothing.
    if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`);
  }
  if (values.quick) console.log('\n--quick: short rounds on whatever else was running. Do not quote these figures.');
}

function choose(names: readonly string[]): readonly Subject[] {
  if (names.length === 0) return subjects.filter((subject) => !subject.onlyWhenNamed);
  return names.map((name) => {
    const found = subjects.find((subject) => subject.name === name);
    if (found) return found;
    throw new Error(`there is no subject "${name}": choose from ${subjects.map((subject) => subject.name).join(', ')}`);
  });
}
