import { globSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
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

async function runTests(): Promise<void> {
  const report = join(root, '.cache/vitest.json');
  mkdirSync(join(root, '.cache'), { recursive: true });
  rmSync(report, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const { exitCode } = await run(['vitest', 'run', ...reporters, ...filters], 'always');
  const results = readReport(report);
  tally.passed += results.passed;
  tally.failed += results.failed;
  tally.skipped += results.skipped;
  // A crash outside any test (an unhandled rejection, a worker that died) fails the run although no test failed.
  if (exitCode !== 0 && results.failed === 0) count('vitest', false, 0);
}

/** Vitest's JSON report, summed. A file that could not be loaded counts as one failure. */
function readReport(file: string): Tally {
  let report: VitestReport;
  try {
    report = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const brokenFiles = report.testResults.filter((f) => f.status === 'failed' && f.assertionResults.length === 0);
  for (const file of report.testResults) {
    for (const test of file.assertionResults) {
      if (test.status === 'skipped' || test.status === 'pending') console.log(`skipped: ${test.fullName}`);
    }
  }
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}
