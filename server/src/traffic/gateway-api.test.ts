import { expect, test } from 'vitest';
import { readAddressPolicy } from '../egress/address-policy.ts';
import { type SmallCluster, startSmallCluster } from '../testing/small-cluster.ts';
import { trafficMeans } from '../testing/traffic-means.ts';
import { gatewayApi } from './gateway-api.ts';
import type { TrafficTarget } from './traffic-target.ts';

const PATH = '/apis/gateway.networking.k8s.io/v1/namespaces/shop/httproutes/web';
const means = trafficMeans({ namespaces: ['own-shop'] });
const settings = {
  cluster: 'kubeconfig',
  namespace: 'shop',
  route: 'web',
  services: { candidate: 'web-v2', baseline: 'web-v1' },
};
const signal = AbortSignal.timeout(60_000);
const filters = [{ type: 'RequestHeaderModifier', requestHeaderModifier: { set: [{ name: 'a', value: 'b' }] } }];

/** A route with a rule of ours and one of others, and a gateway that takes every change over. */
async function startRoute() {
  const cluster = await startSmallCluster();
  const backend = (name: string, weight?: number) => ({ name, port: 80, ...(weight === undefined ? {} : { weight }) });
  cluster.add(PATH, {
    parentRefs: [{ name: 'edge' }],
    rules: [
      { matches: [{ path: { value: '/' } }], filters, backendRefs: [backend('web-v1', 1), backend('web-v2', 0)] },
      { matches: [{ path: { value: '/docs' } }], backendRefs: [backend('docs')] },
    ],
  });
  const takeOver = () => {
    const { generation } = cluster.objects.get(PATH)?.metadata ?? { generation: 0 };
    const condition = { type: 'Accepted', status: 'True', observedGeneration: generation };
    cluster.change(PATH, { status: { parents: [{ conditions: [condition] }] } });
  };
  takeOver();
  cluster.afterPatch = takeOver;
  return { cluster, takeOver, target: openRoute(cluster) };
}

function openRoute(cluster: SmallCluster, user?: Record<string, unknown>, more = {}): TrafficTarget {
  return gatewayApi.open({ ...settings, ...more }, { kubeconfig: cluster.kubeconfig(user) }, means);
}

test('weights are set in the rules that have both services, and all else of the route stays as it is', async () => {
  const { cluster, target } = await startRoute();
  expect(await target.read(signal)).toEqual({ candidatePer100k: 0 });
  await target.apply({ candidatePer100k: 12_345 }, 7, signal);
  expect(await target.read(signal)).toEqual({ candidatePer100k: 12_345, fence: 7 });
  expect(cluster.objects.get(PATH)?.spec).toEqual({
    parentRefs: [{ name: 'edge' }],
    rules: [
      {
        matches: [{ path: { value: '/' } }],
        filters,
        backendRefs: [
          { name: 'web-v1', port: 80, weight: 87_655 },
          { name: 'web-v2', port: 80, weight: 12_345 },
        ],
      },
      { matches: [{ path: { value: '/docs' } }], backendRefs: [{ name: 'docs', port: 80 }] },
    ],
  });
  const { patches } = cluster;
  await target.apply({ candidatePer100k: 12_345 }, 7, signal);
  expect(cluster.patches).toBe(patches);
});

test('who changed the route meanwhile is not overwritten: it is read again', async () => {
  const { cluster, target } = await startRoute();
  let others = 2;
  cluster.beforePatch = (path) => {
    if (others-- > 0) cluster.change(path, { metadata: { annotations: { other: String(others) } } });
  };
  await target.apply({ candidatePer100k: 5_000 }, 1, signal);
  expect(cluster.objects.get(PATH)?.metadata.annotations).toMatchObject({ other: '0', 'bunting/fence': '1' });
  cluster.beforePatch = (path) => cluster.change(path, { metadata: { annotations: { other: String(Math.random()) } } });
  await expect(target.apply({ candidatePer100k: 6_000 }, 1, signal)).rejects.toMatchObject({ code: 'unreachable' });
});

test('a lower fence is refused, also when the higher one comes between reading and writing', async () => {
  const { cluster, target } = await startRoute();
  await target.apply({ candidatePer100k: 5_000 }, 9, signal);
  await expect(target.apply({ candidatePer100k: 50_000 }, 8, signal)).rejects.toMatchObject({ code: 'stale_fence' });
  let isFirst = true;
  cluster.beforePatch = (path) => {
    if (isFirst) cluster.change(path, { metadata: { annotations: { 'bunting/fence': '11' } } });
    isFirst = false;
  };
  await expect(target.apply({ candidatePer100k: 50_000 }, 10, signal)).rejects.toMatchObject({ code: 'stale_fence' });
  expect((await target.read(signal)).candidatePer100k).toBe(5_000);
});

test('what no gateway has taken over is not in force', async () => {
  const { cluster, target, takeOver } = await startRoute();
  cluster.afterPatch = () => {};
  await target.apply({ candidatePer100k: 5_000 }, 1, signal);
  const problem = 'A gateway has not looked at the newest HTTPRoute yet.';
  expect(await target.read(signal)).toEqual({ candidatePer100k: 0, fence: 1, problem });
  takeOver();
  expect(await target.read(signal)).toEqual({ candidatePer100k: 5_000, fence: 1 });
  await target.apply({ candidatePer100k: 20_000 }, 1, signal);
  // The way back does not wait for a gateway, and is not over before it has followed.
  await target.apply({ candidatePer100k: 0 }, 1, signal);
  expect(await target.read(signal)).toEqual({ candidatePer100k: 20_000, fence: 1, problem });
  takeOver();
  expect(await target.read(signal)).toEqual({ candidatePer100k: 0, fence: 1 });
  // Someone else's change of something else moves nobody.
  cluster.change(PATH, { spec: { hostnames: ['shop.example.com'] } });
  expect(await target.read(signal)).toEqual({ candidatePer100k: 0, fence: 1, problem });
  const conditions = [{ type: 'Accepted', status: 'False', observedGeneration: 9, message: 'no listener' }];
  cluster.change(PATH, { status: { parents: [{ conditions }] } });
  expect((await target.read(signal)).problem).toBe('A gateway does not take the HTTPRoute (Accepted: no listener).');
});

test('what cannot be steered says why, and what to do', async () => {
  const { cluster, target } = await startRoute();
  const read = () => target.read(signal);
  cluster.change(PATH, { spec: { rules: [{ backendRefs: [{ name: 'web-v1' }] }] } });
  await expect(read()).rejects.toMatchObject({ code: 'refused', message: expect.stringContaining('add both to one') });
  const rule = (weight: number) => ({
    backendRefs: [
      { name: 'web-v1', weight: 100 - weight },
      { name: 'web-v2', weight },
    ],
  });
  cluster.change(PATH, { spec: { rules: [rule(0), rule(30)] } });
  expect(await read()).toMatchObject({
    candidatePer100k: 30_000,
    problem: expect.stringContaining('different weights'),
  });
  const three = ['web-v1', 'web-v2', 'web-v3'].map((name) => ({ name }));
  cluster.change(PATH, { spec: { rules: [{ backendRefs: three }] } });
  await expect(read()).rejects.toThrow('has a third backend');
  cluster.objects.clear();
  await expect(read()).rejects.toThrow('there is no httproutes shop/web: correct the name');
  cluster.fails = 503;
  await expect(read()).rejects.toMatchObject({ code: 'unreachable' });
  await expect(openRoute(cluster, { token: 'wrong' }).read(signal)).rejects.toMatchObject({ code: 'unreachable' });
  cluster.fails = undefined;
  await expect(openRoute(cluster, { token: 'wrong' }).read(signal)).rejects.toThrow(
    'answered 403: give its account a role that may get and patch httproutes (gateway.networking.k8s.io) in shop',
  );
});

test.each<[what: string, user: Record<string, unknown>]>([
  ['a program', { exec: { command: 'sh' } }],
  ["a file of the server's", { tokenFile: '/etc/passwd' }],
  ["a token in a file of the server's", { 'token-file': '/etc/passwd' }],
  ["a key in a file of the server's", { 'client-key': '/etc/ssl/private/key.pem' }],
  ['a provider', { 'auth-provider': { name: 'gcp' } }],
])('a kubeconfig that names %s is refused', async (_what, user) => {
  const { cluster } = await startRoute();
  await expect(openRoute(cluster, user).read(signal)).rejects.toMatchObject({
    code: 'refused',
    message: expect.stringMatching(/Its kubeconfig is not taken \(the user of its current context: .*\): put a token/),
  });
});

test("the server's own account is used in no namespace but those that its operator named", async () => {
  const { cluster } = await startRoute();
  const own = { ...settings, cluster: 'own' };
  expect(gatewayApi.check(own, means)).toEqual([
    {
      path: 'namespace',
      message: expect.stringContaining(
        'BUNTING_TRAFFIC_NAMESPACES names on the server for this project (now: own-shop)',
      ),
    },
  ]);
  expect(gatewayApi.check({ ...own, namespace: 'own-shop' }, means)).toEqual([]);
  await expect(openRoute(cluster, undefined, { cluster: 'own' }).read(signal)).rejects.toThrow(
    'Its namespace must be one',
  );
  const elsewhere = openRoute(cluster, undefined, { cluster: 'own', namespace: 'own-shop' });
  await expect(elsewhere.read(signal)).rejects.toThrow('has no service account of a cluster');
});

test('a cluster that is not to be reached from here is not asked', async () => {
  const { cluster } = await startRoute();
  const target = gatewayApi.open(
    settings,
    { kubeconfig: cluster.kubeconfig() },
    { ...means, policy: readAddressPolicy([]) },
  );
  await expect(target.read(signal)).rejects.toMatchObject({
    code: 'refused',
    message: expect.stringContaining('BUNTING_EGRESS_ALLOW'),
  });
});
