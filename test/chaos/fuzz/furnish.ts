import type { Api } from '../../../tools/demo-api.ts';
import { makeSources, type SignalSource } from './signals.ts';

const HOUR_MS = 3_600_000;

/**
 * Makes a project with one of everything. The text stands wherever people write something: in names, values, conditions,
 * comments, members of segments; not in keys, which callers may name.
 */
export async function furnish(api: Api, project: string, text: string): Promise<SignalSource[]> {
  const home = `/projects/${project}`;
  const production = `${home}/environments/production`;
  const call = (method: string, path: string, body?: unknown) => api.call<Record<string, never>>(method, path, body);
  await call('POST', '/projects', { key: project, name: text });
  for (const [key, type, values] of [
    ['switch', 'boolean', [true, false]],
    ['wording', 'string', [text, 'off']],
    ['limits', 'object', [{ of: text }, {}]],
    ['orders', 'string', ['off', 'dualwrite', 'shadow', 'live', 'rampdown', 'complete']],
    ['spare', 'boolean', [true, false]],
  ] as const) {
    const names = type === 'boolean' ? ['on', 'off'] : values.map((_, at) => `v${at}`);
    const variants = values.map((value, at) => ({ name: names[at], value }));
    const flag = { key, type, variants, name: text, description: text, clientVisible: true };
    await call('POST', `${home}/flags`, key === 'orders' ? { ...flag, kind: 'migration' } : flag).catch(() =>
      call('POST', `${home}/flags`, flag),
    );
  }
  const when = { attribute: 'country', operator: 'in', values: [text] };
  await call('PUT', `${production}/segments/friends`, { name: text, when });
  await call('POST', `${production}/segments/friends/keys`, { add: [text, `${text}-2`] });
  await call('PATCH', `${home}/flags/switch/environments/production`, {
    enabled: true,
    targets: [{ values: [text], variant: 'on' }],
    rules: [{ id: 'r1', name: text, when: { segment: 'friends' }, serve: { variant: 'on' } }],
    defaultRule: {
      split: {
        weights: [
          { variant: 'on', weightPer100k: 40_000 },
          { variant: 'off', weightPer100k: 60_000 },
        ],
      },
    },
  });
  await call('PATCH', `${home}/flags/wording/environments/production`, {
    enabled: true,
    defaultRule: { variant: 'v0' },
  });
  await call('PATCH', `${home}/flags/limits/environments/production`, {
    enabled: true,
    defaultRule: { variant: 'v0' },
  });
  await call('POST', `${home}/flags/limits/comments`, { body: text });
  await call('POST', `${home}/flag-views`, { name: text, filter: { search: text }, shared: true });
  const changes = [{ environment: 'production', flag: 'spare', edits: [{ kind: 'enable' }] }];
  const change = { title: text, description: text };
  await orNothing(call('POST', `${home}/change-requests`, { ...change, changes }));
  const at = new Date(Date.now() + 48 * HOUR_MS).toISOString();
  await orNothing(call('POST', `${home}/schedules`, { kind: 'once', title: text, at, changes }));
  const to = new Date(Date.now() + 49 * HOUR_MS).toISOString();
  await call('POST', `${production}/freezes`, { name: text, from: at, to });
  await call('POST', `${home}/webhooks`, { name: text, url: 'https://hooks.invalid/x', enabled: false });
  await call('POST', `${home}/data-sources`, { key: 'metrics', name: text, url: 'https://metrics.invalid/' });
  const safeguard = {
    metric: { kind: 'errors' },
    test: { kind: 'crash', alpha: 0.01, atMost: 0.05 },
    action: 'notify',
  };
  await orNothing(call('POST', `${production}/safeguards`, { name: text, watch: { flag: 'switch' }, ...safeguard }));
  await call('POST', `${production}/migration-plans`, { key: 'orders', name: text, phases: {} });
  const hook = { name: text, kind: 'webhook', settings: { url: 'https://traffic.invalid/' } };
  await orNothing(call('PUT', `${production}/traffic-targets/shop`, hook));
  const stages = [
    { flagsPer100k: 5_000, soakSeconds: 600 },
    { flagsPer100k: 100_000, soakSeconds: 600 },
  ];
  const flags = [{ flag: 'spare', candidate: 'on', baseline: 'off' }];
  const release = {
    bakeSeconds: 600,
    rollbackWindowSeconds: 600,
    title: text,
    environment: 'production',
    strategy: 'flag_only',
    stages,
    flags,
  };
  await orNothing(call('POST', `${home}/releases`, release));
  await orNothing(
    call('PUT', `${home}/release-templates/gentle`, {
      name: text,
      description: text,
      strategy: 'flag_only',
      stages,
      bakeSeconds: 600,
      rollbackWindowSeconds: 600,
    }),
  );
  const sources = await makeSources(api, project, text);
  const targets = { flags: { keys: ['spare'] }, environments: { keys: ['production'] } };
  const match = [{ label: 'alertname', equals: text }];
  await orNothing(
    call('POST', `${home}/bindings`, {
      key: 'alerts',
      name: text,
      source: `generic-${project}`,
      match,
      targets,
      action: 'notify',
    }),
  );
  await call('PUT', `${production}/context-sampling`, { mode: 'contexts' });
  await call('POST', `${home}/flags/limits/environments/production/kill`, { reason: text });
  return sources;
}

async function orNothing(call: Promise<unknown>): Promise<void> {
  await call.catch((error) => console.log(String(error)));
}

/** Makes a project, people, groups, service accounts and roles that may be changed and removed. */
export async function furnishExpendable(api: Api): Promise<void> {
  const call = (method: string, path: string, body?: unknown) => api.call<{ id: string }>(method, path, body);
  const name = `expendable ${Math.random().toString(36).slice(2)}`;
  const person = await api.call<{ user: { id: string } }>('POST', '/users', {
    email: `${name.slice(11)}@fuzz.example`,
    name,
  });
  // Where it is still there, this is refused.
  await api.request('POST', '/projects', { key: 'expendable', name });
  const group = await call('POST', '/groups', { name });
  await call('PUT', `/groups/${group.id}/members/${person.user.id}`);
  const account = await call('POST', '/service-accounts', { name });
  await call('POST', `/service-accounts/${account.id}/tokens`, { name, expiresInDays: 1 });
  const subject = { kind: 'service-account', id: account.id };
  await call('POST', '/grants', { subject, role: 'viewer', project: 'a' });
  await call('PUT', '/roles/expendable', { name, permissions: ['project:read'] });
  await call('PUT', '/sign-in-policy', { passwords: 'everyone', requireSecondFactor: false });
}
