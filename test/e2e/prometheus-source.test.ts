import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { findProgramFor } from '../../tools/debian.ts';
import { startDebianService } from '../processes/debian-service.ts';
import { makeFlag } from '../processes/flags.ts';
import { startServer } from '../processes/server.ts';
import { makeTempFolder } from '../processes/temp-folder.ts';

const ENVIRONMENT = '/projects/default/environments/production';

/** An application as Prometheus sees it: 20 requests a second of the new version, 180 of the old one. */
async function startApplication() {
  const startedMs = performance.now();
  let brokenSince = Number.POSITIVE_INFINITY;
  const server = createServer((_, response) => {
    const seconds = (performance.now() - startedMs) / 1_000;
    const failed = 10 * Math.max(0, seconds - brokenSince);
    const line = (version: string, code: number, count: number) =>
      `app_requests_total{version="${version}",code="${code}"} ${Math.floor(count)}\n`;
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.end(
      line('new', 200, 20 * seconds - failed) +
        line('new', 500, failed) +
        line('old', 200, 180 * seconds) +
        line('old', 500, 0),
    );
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    breakNow: () => {
      brokenSince = (performance.now() - startedMs) / 1_000;
    },
  };
}

const arm = (version: string) => ({
  total: `sum(increase(app_requests_total{version="${version}"}[$step]))`,
  bad: `sum(increase(app_requests_total{version="${version}",code="500"}[$step]))`,
});

test('a real Prometheus convicts a version that fails, and one that is gone convicts nobody', async ({ skip }) => {
  const program = await findProgramFor('reading a real Prometheus', 'prometheus');
  if (program === undefined) return skip();
  const folder = makeTempFolder();
  onTestFinished(() => folder.remove());
  const application = await startApplication();
  const config = {
    global: { scrape_interval: '1s' },
    scrape_configs: [{ job_name: 'app', static_configs: [{ targets: [application.host] }] }],
  };
  writeFileSync(join(folder.path, 'prometheus.yml'), JSON.stringify(config));
  mkdirSync(join(folder.path, 'data'));
  const prometheus = await startDebianService(
    'prometheus',
    program,
    [`--config.file=${join(folder.path, 'prometheus.yml')}`, `--storage.tsdb.path=${join(folder.path, 'data')}`],
    join(folder.path, 'prometheus.log'),
  );
  onTestFinished(() => prometheus.stop());
  const server = await startServer({ env: { BUNTING_EGRESS_ALLOW: '127.0.0.1' } });
  onTestFinished(() => server.remove());
  const { api } = server;
  await makeFlag(api, { key: 'new-checkout', type: 'boolean' });
  await api.call('PATCH', '/projects/default/flags/new-checkout/environments/production', { enabled: true });

  const source = { key: 'prometheus', name: 'Prometheus', url: prometheus.url };
  await api.call('POST', '/projects/default/data-sources', source);
  const say = (query: string) =>
    api.call<{ result: string; value: number; reason: string }>(
      ...(['POST', '/projects/default/data-sources/prometheus/query', { query, stepMs: 5_000 }] as const),
    );
  await expect.poll(async () => (await say(arm('new').total)).value, { timeout: 20_000 }).toBeGreaterThan(80);
  expect(await say('sum(increase(nothing[$step]))')).toMatchObject({ result: 'no_data' });
  expect(await say('sum(increase(app_requests_total[$step])')).toMatchObject({
    result: 'error',
    reason: expect.stringContaining('parse error'),
  });
  expect(await say('app_requests_total')).toMatchObject({ reason: 'it gave 4 series: aggregate with sum(...)' });

  const { id } = await api.call<{ id: string }>('POST', `${ENVIRONMENT}/safeguards`, {
    ...{ name: 'Errors', watch: { flag: 'new-checkout' }, action: 'kill' },
    test: { kind: 'relative_risk', alpha: 0.001, tolerance: 1 },
    metric: { kind: 'prometheus', source: 'prometheus', stepMs: 5_000, candidate: arm('new'), baseline: arm('old') },
  });
  const watching = async () => {
    const { watching } = await api.call<{ watching: { silence: string | null; logE: number | null }[] }>(
      ...(['GET', `${ENVIRONMENT}/safeguards/${id}`] as const),
    );
    return watching[0];
  };
  const kills = async () => (await api.call<{ items: unknown[] }>('GET', `${ENVIRONMENT}/kills`)).items;
  await expect.poll(watching, { timeout: 20_000 }).toMatchObject({ silence: null, logE: 0 });
  expect(await kills()).toEqual([]);

  application.breakNow();
  await expect.poll(kills, { timeout: 30_000 }).toHaveLength(1);
  await api.call('POST', '/projects/default/flags/new-checkout/environments/production/rearm', { reason: 'seen' });
  await prometheus.stop();
  await expect
    .poll(async () => (await watching())?.silence, { timeout: 20_000 })
    .toMatch(/cannot be asked.*ECONNREFUSED/);
  expect(await kills()).toEqual([]);
}, 120_000);
