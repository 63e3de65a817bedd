import { expect, test } from 'vitest';
import { type StoredObject, startSmallCluster } from '../testing/small-cluster.ts';
import { trafficMeans } from '../testing/traffic-means.ts';
import { argoRollouts } from './argo-rollouts.ts';

const PATH = '/apis/argoproj.io/v1alpha1/namespaces/shop/rollouts/web';
const signal = AbortSignal.timeout(60_000);
const means = trafficMeans();
const STEPS = [{ setWeight: 5 }, { pause: {} }, { setWeight: 20 }, { pause: {} }, { setWeight: 50 }, { pause: {} }];

/** A Rollout whose new version waits at 5 %, and what its controller does with what is patched. */
async function startRollout(steps: readonly object[] = STEPS) {
  const cluster = await startSmallCluster();
  const paused = { pauseConditions: [{ reason: 'CanaryPauseStep', startTime: '2026-05-04T00:00:00Z' }] };
  const at = (weight: number) => ({ canary: { weights: { canary: { weight }, stable: { weight: 100 - weight } } } });
  cluster.add(
    PATH,
    { strategy: { canary: { steps, trafficRouting: { plugins: {} } } } },
    { currentPodHash: 'new', stableRS: 'old', currentStepIndex: 1, ...at(5), ...paused },
  );
  /** Goes on from a pause to the next one, or to the end. */
  const reconcile = ({ status = {} }: StoredObject) => {
    if (status.abort === true) return cluster.change(PATH, { status: { ...at(0), pauseConditions: null } });
    if (status.pauseConditions !== undefined) return;
    const [, , ...rest] = [...steps].slice(Number(status.currentStepIndex) - 1) as { setWeight?: number }[];
    const weight = rest.find(({ setWeight }) => setWeight !== undefined)?.setWeight;
    if (weight === undefined)
      cluster.change(PATH, { status: { stableRS: 'new', ...at(0), currentStepIndex: steps.length } });
    else
      cluster.change(PATH, {
        status: { currentStepIndex: Number(status.currentStepIndex) + 2, ...at(weight), ...paused },
      });
  };
  cluster.afterPatch = reconcile;
  const settings = { cluster: 'kubeconfig', namespace: 'shop', rollout: 'web' };
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
