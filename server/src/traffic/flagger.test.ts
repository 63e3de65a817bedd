import { expect, test } from 'vitest';
import { startSmallCluster } from '../testing/small-cluster.ts';
import { trafficMeans } from '../testing/traffic-means.ts';
import { flagger } from './flagger.ts';

const PATH = '/apis/flagger.app/v1beta1/namespaces/shop/canaries/web';
const signal = AbortSignal.timeout(60_000);
const means = trafficMeans();
const webhooks = ['confirm-traffic-increase', 'confirm-promotion', 'rollback'].map((type) => ({ type, name: type }));

async function startCanary() {
  const cluster = await startSmallCluster();
  cluster.add(
    PATH,
    { analysis: { stepWeight: 10, maxWeight: 50, webhooks } },
    { phase: 'Waiting', canaryWeight: 0, lastAppliedSpec: 'two', lastPromotedSpec: 'one' },
  );
  const settings = { cluster: 'kubeconfig', namespace: 'shop', canary: 'web' };
  const target = flagger.open(settings, { kubeconfig: cluster.kubeconfig() }, means);
  const apply = (candidatePer100k: number) => target.apply({ candidatePer100k }, 1, signal);
  const share = async () => (await target.read(signal)).candidatePer100k;
  return { cluster, target, apply, share };
}

test('its share is what Flagger says, and everyone when what was released is promoted', async () => {
  const { cluster, apply, share } = await startCanary();
  expect(await share()).toBe(0);
  await apply(10_000);
  // Flagger goes by itself, when its hooks are answered.
  expect(await share()).toBe(0);
  cluster.change(PATH, { status: { phase: 'Progressing', canaryWeight: 10 } });
  expect(await share()).toBe(10_000);
  await apply(100_000);
  // While it waits and promotes its status says 0, and its routes are as they were.
  for (const phase of ['WaitingPromotion', 'Promoting']) {
    cluster.change(PATH, { status: { phase, canaryWeight: 0 } });
    expect([phase, await share()]).toEqual([phase, 50_000]);
  }
  cluster.change(PATH, { status: { phase: 'Succeeded', canaryWeight: 0, lastPromotedSpec: 'two' } });
  expect(await share()).toBe(100_000);
  await expect(apply(0)).rejects.toThrow('Flagger has promoted the canary and has no way back');
  cluster.change(PATH, { status: { phase: 'Progressing', lastAppliedSpec: 'three' } });
  await apply(10_000);
  expect(await share()).toBe(0);
});

test('a share that it never comes by is refused, with those that it has', async () => {
  const { cluster, apply } = await startCanary();
  await expect(apply(25_000)).rejects.toThrow('has no step of 25 %: its steps are 10, 20, 30, 40, 50 %');
  cluster.change(PATH, { spec: { analysis: { stepWeights: [1, 25] } } });
  await apply(25_000);
});

test('a canary that would go on without asking is refused', async () => {
  const { cluster, target, apply } = await startCanary();
  cluster.change(PATH, { spec: { analysis: { webhooks: webhooks.slice(1) } } });
  expect((await target.read(signal)).problem).toContain('asks nobody about confirm-traffic-increase');
  await expect(apply(10_000)).rejects.toMatchObject({ code: 'refused' });
  cluster.change(PATH, { spec: { analysis: { webhooks } }, status: { phase: 'Failed' } });
  expect((await target.read(signal)).problem).toContain('Flagger gave the canary up');
  await apply(0);
});
