import { globSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { build } from './build.ts';
import { root, run } from './steps.ts';

/**
 * Everything that must hold before a change lands: format and lint, the build, types, dead code, package checks, and
 * every test. All of it runs even when an early part fails, and the last line sums all of it up.
 *
 * `npm test -- FILTER ...` runs only the tests whose file names contain a filter.
 */
interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

/** More than so many failing files are no matter of a busy machine. */
const MAX_FILES_AGAIN = 10;

const filters = process.argv.slice(2);
const tally: Tally = { passed: 0, failed: 0, skipped: 0 };

if (filters.length === 0) {
  await check('format, lint, import cycles, file names', ['biome', 'check', '--error-on-warnings', '.']);
}
if (await checkBuild()) {
  if (filters.length === 0) {
    await check('types', ['tsc', '-b', 'admin-ui', 'test']);
    await check('dead code', ['knip']);
    for (const folder of publishable()) {
      await check(`${folder}: publint`, ['publint', 'run', folder, '--pack', 'npm', '--strict']);
      await check(`${folder}: attw`, ['attw', '--pack', folder, '--profile', 'esm-only', '--no-emoji', '--no-color']);
    }
  }
  await runTests();
}

console.log(`\n${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`);
process.exitCode = tally.failed > 0 || tally.passed === 0 ? 1 : 0;

async function check(name: string, command: readonly string[]): Promise<void> {
  const { exitCode, seconds } = await run(command);
  count(name, exitCode === 0, seconds);
}

async function checkBuild(): Promise<boolean> {
  const started = performance.now();
  const built = await build();
  count('build', built, (performance.now() - started) / 1000);
  return built;
}

function count(name: string, passed: boolean, seconds: number): void {
  tally[passed ? 'passed' : 'failed'] += 1;
  console.log(`${passed ? 'ok    ' : 'FAILED'} ${name} (${seconds.toFixed(1)} s)`);
}

/** Folders of the packages that are published: those not marked private. */
function publishable(): string[] {
  return globSync('{core,server,sdk-*,cli}/package.json', { cwd: root })
    .filter((file) => JSON.parse(readFileSync(join(root, file), 'utf8')).private !== true)
    .map((file) => file.replace('/package.json', ''))
    .sort();
}

/**
 * Runs the tests side by side. The files with a failure are run once more, one by one: a test that fails again has
 * failed; one that does not is named as such, for it may have met a slow moment of a busy machine, or a race.
 */
async function runTests(): Promise<void> {
  const first = await runVitest(filters);
  const failing = first.failingFiles;
  let results = first;
  if (failing.length > 0 && failing.length <= MAX_FILES_AGAIN) {
    console.log(`\nonce more, one by one: ${failing.join(', ')}`);
    const second = await runVitest([...failing, '--maxWorkers=1']);
    for (const name of first.failures) {
      if (!second.failures.includes(name)) console.log(`failed beside others, passed alone: ${name}`);
    }
    const failed = second.tally.failed;
    const passed = first.tally.passed + Math.max(0, first.tally.failed - failed);
    results = { ...second, tally: { ...first.tally, passed, failed }, skips: first.skips };
  }
  for (const name of results.skips) console.log(`skipped: ${name}`);
  tally.passed += results.tally.passed;
  tally.failed += results.tally.failed;
  tally.skipped += results.tally.skipped;
  // A crash outside any test (an unhandled rejection, a worker that died) fails the run although no test failed.
  if (results.exitCode !== 0 && results.tally.failed === 0) count('vitest', false, 0);
}

interface Results {
  readonly tally: Readonly<Tally>;
  readonly exitCode: number;
  /** Paths from the root. */
  readonly failingFiles: readonly string[];
  /** File and full name of each test. */
  readonly failures: readonly string[];
  readonly skips: readonly string[];
}

async function runVitest(args: readonly string[]): Promise<Results> {
  const file = join(root, '.cache/vitest.json');
  mkdirSync(join(root, '.cache'), { recursive: true });
  rmSync(file, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const { exitCode } = await run(['vitest', 'run', ...reporters, ...args], 'always');
  return { ...readReport(file), exitCode };
}

/** Vitest's JSON report, summed. A file that could not be loaded counts as one failure. */
function readReport(file: string): Omit<Results, 'exitCode'> {
  let report: VitestReport;
  try {
    report = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { tally: { passed: 0, failed: 1, skipped: 0 }, failingFiles: [], failures: [], skips: [] };
  }
  const failing = report.testResults.filter(({ status }) => status === 'failed');
  const broken = failing.filter(({ assertionResults }) => assertionResults.length === 0);
  const namesOf = (statuses: readonly string[]) =>
    report.testResults.flatMap(({ name, assertionResults }) =>
      assertionResults
        .filter(({ status }) => statuses.includes(status))
        .map(({ fullName }) => `${relative(root, name)}: ${fullName}`),
    );
  return {
    tally: {
      passed: report.numPassedTests,
      failed: report.numFailedTests + broken.length,
      skipped: report.numPendingTests + report.numTodoTests,
    },
    failingFiles: [...new Set(failing.map(({ name }) => relative(root, name)))],
    failures: [...namesOf(['failed']), ...broken.map(({ name }) => relative(root, name))],
    skips: namesOf(['skipped', 'pending']),
  };
}

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    /** The file's path. */
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}
