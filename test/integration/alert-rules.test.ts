import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { findProgramFor, type ProgramName } from '../../tools/debian.ts';
import { root } from '../../tools/steps.ts';
import { makeKey } from '../processes/flags.ts';
import { startRelay } from '../processes/relay.ts';
import { startServer } from '../processes/server.ts';

const RULES = join(root, 'deploy/prometheus/bunting.rules.yml');

const server = await startServer();
const relay = await startRelay(server.url, (await makeKey(server.api, 'relay')).secret);
afterAll(async () => {
  await relay.remove();
  await server.remove();
});

/** @returns all that it printed; undefined where there is no such program */
async function run(name: ProgramName, ...args: string[]): Promise<string | undefined> {
  const program = await findProgramFor('the checks of what deploy/ holds', name);
  if (program === undefined) return undefined;
  const { stdout, stderr } = await promisify(execFile)(program.path, args, { env: program.env, cwd: root });
  return stdout + stderr;
}

test('Prometheus takes the rules and its example, and each rule fires when it should and only then', async ({
  skip,
}) => {
  const checked = await run('promtool', 'check', 'config', 'deploy/prometheus/prometheus.yml');
  if (checked === undefined) return skip();
  expect(checked).toContain('2 rule files found');
  expect(await run('promtool', 'test', 'rules', 'deploy/prometheus/rules.test.yml')).toContain('SUCCESS');
}, 60_000);

test('Alertmanager takes its example', async ({ skip }) => {
  const checked = await run('amtool', 'check-config', 'deploy/alertmanager/alertmanager.yml');
  if (checked === undefined) return skip();
  expect(checked).toContain('SUCCESS');
}, 60_000);

test('the example has the route that a source says to type into Alertmanager', async () => {
  const source = { key: 'prom', vendor: 'alertmanager', name: 'Prometheus', allow: { action: 'kill' } };
  const made = await server.api.call<{ setUp: { what: string; enter: string }[] }>('POST', '/signal-sources', source);
  const route = made.setUp.find(({ what }) => what.includes('route'))?.enter ?? '';
  const lines = (text: string) => text.split('\n').map((line) => line.trim().replace(/^- /, ''));
  const example = lines(readFileSync(join(root, 'deploy/alertmanager/alertmanager.yml'), 'utf8'));
  expect(route).toContain('group_wait: 0s');
  expect(lines(route).filter((line) => !example.includes(line))).toEqual([]);
});

test('a server or a relay has every metric that the rules ask for', async () => {
  const texts = await Promise.all([server, relay].map(async ({ url }) => (await fetch(`${url}/metrics`)).text()));
  const told = new Set(texts.flatMap((text) => [...text.matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name)));
  const asked = readFileSync(RULES, 'utf8').match(/\bbunting_[a-z_]+/g) ?? [];
  const missing = asked.map((name) => name.replace(/_bucket$/, '')).filter((name) => !told.has(name));
  expect([asked.length > 5, missing]).toEqual([true, []]);
});
