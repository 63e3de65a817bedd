import { expect, test } from 'vitest';
import { type StoredObject, startSmallCluster } from '../testing/small-cluster.ts';
import { startApp } from '../testing/start-app.ts';
import { trafficMeans } from '../testing/traffic-means.ts';
import { argoRollouts } from './argo-rollouts.ts';

const PATH = '/apis/argoproj.io/v1alpha1/namespaces/shop/rollouts/web';
const settings = { cluster: 'kubeconfig', namespace: 'shop', rollout: 'web' };
const signal = AbortSignal.timeout(60_000);
const means = trafficMeans();
const STEPS = [{ setWeight: 5 }, { pause: {} }, { setWeight: 20 }, { pause: {} }, { setWeight: 50 }, { pause: {} }];

interface Step {
  readonly setWeight?: number;
  readonly pause?: { readonly duration?: string };
}

/** A Rollout whose new version waits at its first pause, and what its controller does with what is patched. */
async function startRollout(steps: readonly Step[] = STEPS) {
  const cluster = await startSmallCluster();
  const at = (weight: number) => ({ canary: { weights: { canary: { weight }, stable: { weight: 100 - weight } } } });
  /** Goes on from a step to the next pause, or to the end. */
  const statusFrom = (from: number, before: number) => {
    let weight = before;
    for (const [index, step] of steps.entries()) {
      if (index < from) continue;
      weight = step.setWeight ?? weight;
      const pauseConditions = [{ reason: 'CanaryPauseStep', startTime: '2026-05-04T00:00:00Z' }];
      if (step.pause !== undefined) return { currentStepIndex: index, ...at(weight), pauseConditions };
    }
    return { currentStepIndex: steps.length, stableRS: 'new', ...at(0) };
  };
  cluster.add(
    PATH,
    { strategy: { canary: { steps, trafficRouting: { plugins: {} } } } },
    { currentPodHash: 'new', stableRS: 'old', ...statusFrom(0, 0) },
  );
  cluster.afterPatch = ({ status = {} }: StoredObject) => {
    if (status.abort === true) return cluster.change(PATH, { status: { ...at(0), pauseConditions: null } });
    if (status.pauseConditions !== undefined || status.stableRS === 'new') return;
    const { canary, currentStepIndex } = status as ReturnType<typeof statusFrom>;
    cluster.change(PATH, { status: statusFrom(currentStepIndex + 1, canary.weights.canary.weight) });
  };
  const target = argoRollouts.open(settings, { kubeconfig: cluster.kubeconfig() }, means);
  const go = async (candidatePer100k: number, fence = 1) => {
    await target.apply({ candidatePer100k }, fence, signal);
    return (await target.read(signal)).candidatePer100k;
  };
  return { cluster, target, go };
}

test('a release promotes it from pause to pause, and never past what it wants', async () => {
  const { cluster, target, go } = await startRollout();
  expect(await target.read(signal)).toEqual({ candidatePer100k: 5_000 });
  expect([await go(5_000), await go(5_000)]).toEqual([5_000, 5_000]);
  expect([await go(20_000), await go(20_000)]).toEqual([20_000, 20_000]);
  expect(await go(50_000)).toBe(50_000);
  expect([await go(100_000), await go(100_000)]).toEqual([100_000, 100_000]);
  expect(await target.read(signal)).toEqual({ candidatePer100k: 100_000, fence: 1 });
  expect(cluster.objects.get(PATH)?.metadata.annotations).toEqual({ 'bunting/fence': '1', 'bunting/candidate': 'new' });
});

test('what is wanted further on is come to pause by pause', async () => {
  const { go } = await startRollout();
  expect([await go(50_000), await go(50_000)]).toEqual([20_000, 50_000]);
});

test('on its way to the next pause it is left alone', async () => {
  const { cluster, target } = await startRollout();
  cluster.afterPatch = () => {};
  await target.apply({ candidatePer100k: 20_000 }, 1, signal);
  const { patches } = cluster;
  await target.apply({ candidatePer100k: 20_000 }, 1, signal);
  expect(cluster.patches).toBe(patches);
});

test('back is an abort, once, and nothing undoes it but a person', async () => {
  const { cluster, target, go } = await startRollout();
  expect([await go(20_000), await go(0), await go(0)]).toEqual([20_000, 0, 0]);
  expect(cluster.objects.get(PATH)?.status).toMatchObject({ abort: true });
  expect((await target.read(signal)).problem).toContain('The Rollout is aborted');
  await expect(go(20_000)).rejects.toMatchObject({
    code: 'refused',
    message: expect.stringContaining('retry rollout'),
  });
});

test('a lower fence changes nothing', async () => {
  const { go } = await startRollout();
  expect(await go(20_000, 5)).toBe(20_000);
  await expect(go(50_000, 4)).rejects.toMatchObject({ code: 'stale_fence' });
  expect(await go(20_000, 5)).toBe(20_000);
});

test('what it cannot is refused with the reason', async () => {
  const { cluster, target, go } = await startRollout();
  await expect(go(30_000)).rejects.toThrow('pauses at no 30 %: its steps pause at 5, 20, 50 %');
  await go(20_000);
  await expect(go(5_000)).rejects.toThrow('lowers a weight to 0 only');
  cluster.change(PATH, { status: { currentPodHash: 'old', pauseConditions: null } });
  await expect(go(5_000)).rejects.toThrow('deploy the candidate first');
  expect(await go(0)).toBe(0);
  cluster.change(PATH, { status: { currentPodHash: 'new', stableRS: 'new' } });
  expect((await target.read(signal)).candidatePer100k).toBe(100_000);
  await expect(go(0)).rejects.toThrow('fully promoted');
  cluster.change(PATH, { spec: { strategy: { canary: null } } });
  await expect(target.read(signal)).rejects.toThrow('needs strategy.canary with steps and trafficRouting');
});

test('a pause that ends by itself is told: the release would not decide', async () => {
  const { target } = await startRollout([{ setWeight: 5 }, { pause: { duration: '10m' } }]);
  expect((await target.read(signal)).problem).toContain('Step 2 of the Rollout goes on by itself');
});

test('a release takes a Rollout and a flag through its stages, and both back', async () => {
  const { cluster } = await startRollout([{ pause: {} }, ...STEPS]);
  const clock = { nowMs: Date.parse('2026-05-04T00:00:00Z') };
  const { app, call } = await startApp({ now: () => clock.nowMs, config: { egressAllow: ['127.0.0.1'] } });
  await call('POST', '/projects/default/flags', { key: 'checkout', type: 'boolean' });
  const off = { enabled: true, defaultRule: { variant: 'off' } };
  await call('PATCH', '/projects/default/flags/checkout/environments/production', off);
  const secrets = { kubeconfig: cluster.kubeconfig() };
  const shop = '/projects/default/environments/production/traffic-targets/shop';
  expect((await call('PUT', shop, { name: 'Shop', kind: 'argo_rollouts', settings, secrets })).status).toBe(201);
  const { body: release } = await call('POST', '/projects/default/releases', {
    ...{ title: 'Shop 2.0', environment: 'production', strategy: 'canary', bakeSeconds: 60 },
    traffic: { target: 'shop', candidate: '2.0', baseline: '1.9' },
    flags: [{ flag: 'checkout', candidate: 'on', baseline: 'off' }],
    stages: [
      { trafficPer100k: 5_000, flagsPer100k: 5_000, soakSeconds: 60 },
      { trafficPer100k: 50_000, flagsPer100k: 20_000, soakSeconds: 60 },
      { trafficPer100k: 100_000, flagsPer100k: 100_000, soakSeconds: 60 },
    ],
  });
  const command = (body: object) => call('POST', `/projects/default/releases/${release.id}/commands`, body);
  const seen = async () => {
    await app.bunting.releaseEngine.look();
    const { body } = await call('GET', `/projects/default/releases/${release.id}`);
    return [body.phase, body.trafficPer100k, body.flags[0].weightPer100k];
  };
  await command({ command: 'start' });
  await expect.poll(seen).toEqual(['progressing', 5_000, 5_000]);
  clock.nowMs += 61_000;
  await expect.poll(seen).toEqual(['progressing', 50_000, 20_000]);
  await command({ command: 'abort', reason: 'enough' });
  await expect.poll(seen).toEqual(['aborted', 0, 0]);
  expect(cluster.objects.get(PATH)?.status).toMatchObject({ abort: true });
});
