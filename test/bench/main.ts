import { writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { parseArgs } from 'node:util';
import { choose, type Wishes } from './choose.ts';
import { measureEach } from './measure-each.ts';
import { record } from './record.ts';
import { printTable } from './report.ts';
import type { Result, Subject } from './subject.ts';
import { subjects } from './subjects.ts';

const usage = `npm run bench -- [SUBJECT...] [--record] [--from SUBJECT] [--json FILE] [--quick]

Measures, and prints a table for each subject. Without a SUBJECT: all of them, one after the other, each in a process of its
own, which takes hours; what was seen is put into docs/benchmarks.md. A subject that fails is named at the end, and the others
go on. Budgets are reported, never enforced: the exit code is 0 unless something could not be measured.

${subjects.map(({ name, about }) => `  ${name.padEnd(14)} ${about}`).join('\n')}

  --record     with a SUBJECT: puts its figures into docs/benchmarks.md, in place of its earlier ones
  --from NAME  of all subjects those from this one on: goes on where a run was ended
  --json FILE  write an array of {subject, case, unit, better, ours, peers, floor, budget, node, date}
  --quick      short rounds: shows that the bench works, gives no figures worth quoting, and records none
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
      from: { type: 'string' },
      json: { type: 'string' },
      quick: { type: 'boolean' },
      record: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    console.log(usage);
    return;
  }
  const { chosen, isRecorded } = choose(subjects, { names: positionals, ...values });
  // A file that cannot be written is said now, not after minutes of measuring.
  if (values.json !== undefined) writeFileSync(values.json, '[]\n');
  const wishes: Wishes = { quick: values.quick === true, record: isRecorded, json: values.json };
  const [only, ...others] = chosen;
  if (only !== undefined && others.length === 0) await measure(only, wishes);
  else await measureEach(chosen, wishes);
  if (values.quick) console.log('\n--quick: short rounds on whatever else was running. Do not quote these figures.');
}

async function measure(subject: Subject, { quick, record: isRecorded, json }: Wishes): Promise<void> {
  const outcome = await subject.measure({
    quick,
    say: (text) => console.error(`${subject.name}: ${text}`),
  });
  const shared = { node: process.version, date: new Date().toISOString() };
  const results = outcome.measurements.map((line): Result => ({ subject: subject.name, ...line, ...shared }));
  printTable(subject.name, results, outcome.notes);
  if (isRecorded) record(subject, outcome);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(results, null, 2)}\n`);
}
