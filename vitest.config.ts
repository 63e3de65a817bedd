import { globSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { wordMacros } from './admin-ui/word-macros.ts';

/**
 * Test files run one after the other in a process that has read the server once: to read it again for each takes almost a
 * second. So what a test changes of the process (its clock, its variables) it puts back.
 */
const sharingImports = { isolate: false };

/** Unit tests stand beside the code they test; everything that crosses packages stands in `test/`. */
export default defineConfig({
  test: {
    // Half of the time of a test goes by waiting for a database, a browser or another process.
    maxWorkers: Math.ceil(availableParallelism() * 1.5),
    projects: [
      project('core', 'core'),
      project('server', 'server', {
        exclude: ['server/**/*.postgres.test.ts'],
        globalSetup: ['server/src/testing/sqlite-template-setup.ts'],
        ...sharingImports,
      }),
      // The same tests again, but for those of SQLite itself, of processes, and of what stands beyond memory: it reads
      // what `rulesets` and `keys` hold, wherever that came from.
      project('server-postgres', 'server', {
        exclude: [
          'server/src/*.test.ts',
          'server/src/{config,docs,egress,evaluate,evidence,mail,measurements,ofrep,polling,relay,stream,telemetry,ui,workers}/**/!(*.postgres).test.ts',
          'server/**/*.sqlite.test.ts',
          // What callers may do, and what routes refuse, is judged in memory.
          'server/src/access/matrix.test.ts',
          'server/src/http/{every-route,bad-input}.test.ts',
          ...withoutServer(),
        ],
        globalSetup: ['tools/postgres-setup.ts', 'server/src/testing/postgres-template-setup.ts'],
        setupFiles: ['server/src/testing/skip-without-engine.ts'],
        ...sharingImports,
      }),
      project('sdk-node', 'sdk-node'),
      project('sdk-browser', 'sdk-browser'),
      {
        ...project('admin-ui', 'admin-ui', { setupFiles: ['admin-ui/src/testing/english.ts'] }),
        plugins: [wordMacros()],
      },
      project('cli', 'cli'),
      project('shop', 'examples/shop'),
      project('integration', 'test/integration'),
      project('e2e', 'test/e2e', { testTimeout: 60_000 }),
      project('chaos', 'test/chaos', { testTimeout: 120_000 }),
      project('conformance', 'test/conformance'),
      project('bench', 'test/bench'),
      project('docs', 'test/docs', { testTimeout: 60_000 }),
      project('packages', 'test/packages', { testTimeout: 60_000 }),
      project('tools', 'tools'),
    ],
  },
});

/** Tests that start no server and open no database, and whose fixtures do not: once is enough. */
function withoutServer(): string[] {
  return globSync('server/src/**/*.test.ts', { cwd: import.meta.dirname }).filter(
    (file) => !file.includes('.postgres.') && !startsServer(file),
  );
}

function startsServer(file: string): boolean {
  const text = readFileSync(join(import.meta.dirname, file), 'utf8');
  if (/\/testing\/|postgres/.test(text)) return true;
  const fixtures = [...text.matchAll(/from '\.\/([\w.-]+\.test\.fixture\.ts)'/g)];
  return fixtures.some(([, fixture = '']) => startsServer(join(dirname(file), fixture)));
}

function project(name: string, folder: string, { exclude = [], testTimeout = 40_000, ...rest }: Options = {}) {
  return {
    test: {
      name,
      include: [`${folder}/**/*.test.{ts,tsx}`],
      exclude: ['**/node_modules/**', '**/dist/**', ...exclude],
      testTimeout,
      hookTimeout: Math.max(testTimeout, 30_000),
      // A machine that runs all tests at once is slow; only a test that fails waits for so long.
      expect: { poll: { timeout: 10_000 } },
      ...rest,
    },
  };
}

interface Options {
  readonly exclude?: string[];
  readonly testTimeout?: number;
  readonly globalSetup?: string[];
  readonly isolate?: boolean;
  readonly setupFiles?: string[];
}
