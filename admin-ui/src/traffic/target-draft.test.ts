import { expect, test } from 'vitest';
import type { TrafficTarget } from '../api/types.ts';
import type { TrafficKind } from './kinds.ts';
import { checkTarget, draftOf, secretsAsked } from './target-draft.ts';

const target = (kind: TrafficKind, settings: Record<string, unknown>, secrets: string[] = []): TrafficTarget => ({
  ...{ key: 'shop', name: 'Shop', kind, settings, secrets },
  ...{ version: 1, createdAt: '', updatedAt: '' },
});

const backends = { candidate: 'shop_candidate', baseline: 'shop_baseline' };
const targets = [
  target('haproxy', { runtime: '127.0.0.1:9999', map: '/run/shop.map', backends }),
  target('haproxy', { runtime: '/run/haproxy.sock', map: '/run/shop.map', file: '/run/shop.map', backends }),
  target('haproxy_weights', { runtime: '127.0.0.1:9999', backend: 'shop', candidate: ['c1'], baseline: ['s1', 's2'] }),
  target('nginx', { include: '/a.conf', config: '/nginx.conf', status: 'http://127.0.0.1/', shadow: true }),
  target('caddy', { admin: 'http://10.0.0.5:2019', id: 'shop' }),
  target('gateway_api', { cluster: 'own', namespace: 'shop', route: 'web', services: backends }),
  target('argo_rollouts', { cluster: 'kubeconfig', namespace: 'shop', rollout: 'web' }, ['kubeconfig']),
  target('flagger', { cluster: 'own', namespace: 'shop', canary: 'web' }),
  target('webhook', { url: 'https://edge.example.com/', counts: true }, ['secret']),
  target('webhook', { url: 'https://e.com/', capabilities: { sticky: true, granularityPer100k: 1000 } }, ['secret']),
  target('webhook', { url: 'https://e.com/', counts: false, capabilities: { lease: false } }, ['secret']),
];

test.each(targets)('a target of kind $kind survives being edited without being changed', (one) => {
  const { name, kind, settings } = one;
  expect(checkTarget(draftOf(one), one.secrets)).toEqual({
    ok: true,
    ready: { key: 'shop', body: { name, kind, settings } },
  });
});

test('what is missing is told at its field; what may be left out is left out', () => {
  const draft = { ...draftOf(undefined), key: 'Shop!', typed: { map: '/run/shop.map' } };
  const checked = checkTarget(draft, []);
  if (checked.ok) throw new Error('it was taken');
  expect(Object.keys(checked.errors).sort()).toEqual([
    ...['key', 'settings.backends.baseline', 'settings.backends.candidate', 'settings.runtime'],
  ]);
});

test('a secret is asked for where there is none yet, and only where it is of use', () => {
  const typed = { url: 'https://e.com/', 'secrets.secret': 'whsec_abc' };
  const draft = { ...draftOf(undefined), key: 'edge', kind: 'webhook' as const, typed };
  expect(checkTarget(draft, [])).toMatchObject({ ready: { body: { name: 'edge', secrets: { secret: 'whsec_abc' } } } });
  const without = { ...draft, typed: { url: 'https://e.com/' } };
  expect(checkTarget(without, [])).toMatchObject({ errors: { 'secrets.secret': expect.any(String) } });
  expect(checkTarget(without, ['secret'])).toMatchObject({ ok: true });
  const inCluster = (cluster: string) => secretsAsked({ ...draftOf(undefined), kind: 'flagger', typed: { cluster } });
  expect(inCluster('own')).toEqual([]);
  expect(inCluster('kubeconfig')).toMatchObject([{ path: 'kubeconfig' }]);
});

test('a number that is none is told so', () => {
  const typed = { url: 'https://e.com/', 'capabilities.granularityPer100k': 'many' };
  expect(checkTarget({ ...draftOf(undefined), key: 'e', kind: 'webhook', typed }, ['secret'])).toMatchObject({
    errors: { 'settings.capabilities.granularityPer100k': expect.stringContaining('whole number') },
  });
});
