import { connect } from '@bunting/node';
import type { Api } from '../../tools/demo-api.ts';
import { makeFlag, makeKey, split } from '../processes/flags.ts';
import type { TestServer } from '../processes/server.ts';
import { waitFor } from '../processes/wait.ts';

const project = '/projects/default';
const development = `${project}/environments/development`;
const production = `${project}/environments/production`;

/**
 * One of each thing that a page shows, in the project that a server begins with, and a flag that harms whom it serves.
 *
 * @returns what stands in the place of each name in an address: `$flag`, `$release`
 */
export async function makeOneOfEach(server: TestServer): Promise<Readonly<Record<string, string>>> {
  const { api } = server;
  await makeFlag(api, { key: 'checkout', type: 'boolean' }, { enabled: true, defaultRule: split({ on: 50, off: 50 }) });
  await makeFlag(api, { key: 'search', type: 'boolean' }, { enabled: true });
  await api.call('POST', `${project}/flags`, { key: 'orders', type: 'string', kind: 'migration' });
  await api.call('POST', `${development}/safeguards/standard`, { watch: { flag: 'checkout' } });
  await api.call('PUT', `${development}/segments/beta`, {
    when: { attribute: 'plan', operator: 'in', values: ['pro'] },
  });
  await api.call('PUT', `${development}/traffic-targets/edge`, {
    ...{ name: 'The edge', kind: 'caddy', settings: { admin: 'http://127.0.0.1:1', id: 'shop' } },
  });
  await api.call('POST', `${development}/migration-plans`, {
    ...{
      key: 'orders',
      name: 'Orders in two tables',
      flag: 'orders',
      phases: { expand: { up: [{ webhook: 'http://127.0.0.1:1/' }] } },
    },
  });
  await api.call('POST', '/signal-sources', {
    ...{
      key: 'alerts',
      vendor: 'alertmanager',
      name: 'Alerts',
      project: 'default',
      mode: 'armed',
      allow: { action: 'kill' },
    },
  });
  await api.call('POST', `${project}/bindings`, {
    ...{ key: 'crashes', name: 'Crashes', source: 'alerts', match: [{ label: 'service', matches: '^checkout' }] },
    ...{
      targets: { flags: { keys: ['checkout'] }, environments: { keys: ['development'] } },
      action: 'kill',
      mode: 'dry_run',
    },
  });
  await api.call('POST', `${project}/flags/search/environments/development/kill`, { reason: 'It hangs.' });
  await api.call('POST', `${production}/freezes`, { name: 'Sale', from: inDays(20), to: inDays(25) });
  const changes = [{ environment: 'development', flag: 'checkout', edits: [{ kind: 'disable' }] }];
  const at = inDays(1);
  const [verdict, request, schedule, webhook, release, { items: users }, { items: safeguards }, { items: events }] =
    await Promise.all([
      haveVerdict(server),
      api.call<Made>('POST', `${project}/change-requests`, { title: 'Launch', changes }),
      api.call<Made>('POST', `${project}/schedules`, { kind: 'once', title: 'Launch', at, changes }),
      api.call<Made>('POST', `${project}/webhooks`, {
        name: 'Chat',
        url: 'https://chat.example.com/',
        format: 'standard',
      }),
      startedRelease(api),
      api.call<Listed>('GET', '/users'),
      api.call<Listed>('GET', `${development}/safeguards`),
      api.call<Listed>('GET', '/audit?limit=1'),
    ]);
  return {
    ...{
      project: 'default',
      environment: 'development',
      flag: 'checkout',
      segment: 'beta',
      target: 'edge',
      plan: 'orders',
    },
    ...{ request: request.id, schedule: schedule.id, webhook: webhook.id, release, verdict },
    ...{ kind: 'user', subject: users[0]?.id ?? '', safeguard: safeguards[0]?.id ?? '', event: events[0]?.id ?? '' },
  };
}

interface Made {
  readonly id: string;
}

interface Listed {
  readonly items: readonly Made[];
}

function inDays(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString();
}

/** Its first stage is out. */
async function startedRelease(api: Api): Promise<string> {
  const { id } = await api.call<Made>('POST', `${project}/releases`, {
    ...{ title: 'Checkout 2', environment: 'development', strategy: 'flag_only' },
    flags: [{ flag: 'checkout', candidate: 'on', baseline: 'off' }],
    stages: [
      {
        ...{ flagsPer100k: 20_000, soakSeconds: 600, approvals: 1, blind: true },
        gates: [
          {
            ...{ name: 'Errors', kind: 'sequential', of: { kind: 'flag' } },
            test: { kind: 'relative_risk', alpha: 0.01, tolerance: 1 },
          },
        ],
      },
      { flagsPer100k: 100_000, soakSeconds: 600 },
    ],
  });
  await api.call('POST', `${project}/releases/${id}/commands`, { command: 'start' });
  return id;
}

/** Serves a flag whose new side always fails, until the flag's safeguards have seen it. @returns the verdict's id */
async function haveVerdict({ api, url }: TestServer): Promise<string> {
  const { secret } = await makeKey(api, 'server');
  const verdict = await waitFor(
    'a verdict',
    async () => {
      await serveFailing(url, secret);
      return (await api.call<Listed>('GET', `${development}/verdicts`)).items[0];
    },
    30_000,
  );
  return verdict.id;
}

async function serveFailing(url: string, sdkKey: string): Promise<void> {
  const flags = connect({ url, sdkKey, app: 'shop', logger: {} });
  await flags.ready();
  const on = () => {
    throw new Error('out of stock');
  };
  for (let user = 0; user < 500; user++) {
    try {
      flags.run('checkout', { targetingKey: `user-${user}` }, { on, off: () => {} });
    } catch {}
  }
  // What it measured is sent when it leaves.
  await flags.close();
}
