import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from './steps.ts';

const openApiFile = 'admin-ui/src/api/openapi.gen.json';
const uiMarker = join(root, 'admin-ui/dist/.built-from');

/**
 * Builds all that `npm start` runs, in the order of who needs whom: the compiled packages, the OpenAPI document that
 * the server writes, the types that the CLI and the admin UI make from it, and these two. What is up to date is left alone.
 */
export async function build(): Promise<boolean> {
  return (
    (await step('packages', ['tsc', '-b', 'core', 'server', 'sdk-node', 'sdk-browser', 'examples/shop'])) &&
    (await step('OpenAPI document', [process.execPath, 'server/dist/write-openapi.js', openApiFile])) &&
    (await buildCli()) &&
    (await buildUi())
  );
}

async function buildCli(): Promise<boolean> {
  return (
    (await step('CLI types', ['npm', '--prefix', 'cli', 'run', '--silent', 'generate'])) &&
    (await step('CLI', ['tsc', '-b', 'cli'])) &&
    // The machine that releases decide by, alone: so an export is verified without the server's weight.
    (await step('CLI machine', ['npm', '--prefix', 'cli', 'run', '--silent', 'bundle']))
  );
}

async function buildUi(): Promise<boolean> {
  const inputs = hashOf([
    'admin-ui/{src,public}/**/*',
    'admin-ui/*.{json,html,ts}',
    'examples/migrations/*.json',
    'core/dist/**/*.js',
    'pnpm-lock.yaml',
  ]);
  if (existsSync(uiMarker) && readFileSync(uiMarker, 'utf8') === inputs) return true;
  const built =
    (await step('admin UI types', ['npm', '--prefix', 'admin-ui', 'run', '--silent', 'generate'])) &&
    (await step('admin UI', ['npm', '--prefix', 'admin-ui', 'run', '--silent', 'build']));
  if (built) {
    mkdirSync(join(root, 'admin-ui/dist'), { recursive: true });
    writeFileSync(uiMarker, inputs);
  }
  return built;
}

async function step(name: string, command: readonly string[]): Promise<boolean> {
  const { exitCode, seconds } = await run(command);
  console.log(`${exitCode === 0 ? 'built' : 'FAILED to build'} ${name} (${seconds.toFixed(1)} s)`);
  return exitCode === 0;
}

/** One hash over the names and contents of all files that match, generated types left out (they follow from the rest). */
function hashOf(patterns: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of globSync(patterns, { cwd: root }).sort()) {
    const path = join(root, file);
    if (file.endsWith('.gen.ts') || !statSync(path).isFile()) continue;
    hash.update(file).update(readFileSync(path));
  }
  return hash.digest('hex');
}

if (import.meta.main) process.exitCode = (await build()) ? 0 : 1;
