import { Api } from './demo-api.ts';

/** A traffic target as the API takes it, but for its name. */
export interface DemoTarget {
  readonly kind: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly secrets?: Readonly<Record<string, string>>;
}

const project = '/projects/default';
const environment = 'development';

/** Judged each second by what the load balancer counted: a handful of errors are proof of a crash. */
const watch = [
  {
    ...{ kind: 'sequential', name: 'Errors of version 2', of: { kind: 'traffic' }, everySeconds: 1 },
    // By the hour: else all that went well before would speak for it.
    test: { kind: 'crash', alpha: 0.01, atMost: 0.01, periodMs: 3_600_000 },
  },
];

/**
 * Tells Bunting what divides the shop's visitors, and at the first start begins a canary of version 2. What people made of
 * it stays.
 */
export async function prepareRelease(serverUrl: string, adminKey: string, target: DemoTarget): Promise<void> {
  const api = new Api(serverUrl, adminKey);
  const path = `${project}/environments/${environment}/traffic-targets/shop`;
  const put = await api.request('PUT', path, { name: 'Shop', ...target });
  // A release under way holds it as it was at the start before.
  if (put.status !== 409 && put.status > 299)
    throw new Error(`PUT ${path} answered ${put.status}: ${JSON.stringify(put.body)}`);
  const { items } = await api.call<{ items: unknown[] }>('GET', `${project}/releases?limit=1`);
  if (items.length > 0) return;
  const { id } = await api.call<{ id: string }>('POST', `${project}/releases`, {
    ...{ title: 'Shop 2', environment, strategy: 'canary', watch },
    traffic: { target: 'shop', candidate: '2', baseline: '1' },
    // Short, for whoever looks on: only harm as great as what the button does shows in so little time.
    stages: [5_000, 20_000, 50_000, 100_000].map((trafficPer100k) => ({
      trafficPer100k,
      soakSeconds: 30,
      blind: true,
    })),
    // Who comes late still sees what the button does.
    ...{ bakeSeconds: 3_600, rollbackWindowSeconds: 86_400 },
  });
  await api.call('POST', `${project}/releases/${id}/commands`, { command: 'start' });
}
