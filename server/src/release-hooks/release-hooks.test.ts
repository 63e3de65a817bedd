import { expect, test } from 'vitest';
import { startProgram } from '../testing/programs.ts';
import { startSmallCluster } from '../testing/small-cluster.ts';
import { startApp } from '../testing/start-app.ts';
import { ECHO_MS } from './standing.ts';

const PRODUCTION = '/projects/default/environments/production';
const HOOKS = `${PRODUCTION}/release-hooks`;
const RELEASES = '/projects/default/releases';
const T0 = Date.parse('2026-05-04T00:00:00Z');
const MINUTE_MS = 60_000;
const canary = {
  name: 'podinfo',
  namespace: 'test',
  phase: 'Progressing',
  checksum: '85d557f47b',
  metadata: { a: 'b' },
};

/** A flag that a release takes to 10 %, then to everyone, a minute each. */
async function startRelease() {
  const clock = { nowMs: T0 };
  const server = await startApp({ now: () => clock.nowMs });
  const { app, call } = server;
  await call('POST', '/projects/default/flags', { key: 'checkout', type: 'boolean' });
  const off = { enabled: true, defaultRule: { variant: 'off' } };
  await call('PATCH', '/projects/default/flags/checkout/environments/production', off);
  const { body: release } = await call('POST', RELEASES, {
    title: 'New checkout',
    environment: 'production',
    strategy: 'flag_only',
    flags: [{ flag: 'checkout', candidate: 'on', baseline: 'off' }],
    stages: [
      { flagsPer100k: 10_000, soakSeconds: 60 },
      { flagsPer100k: 100_000, soakSeconds: 60 },
    ],
    bakeSeconds: 60,
  });
  const command = (body: object) => call('POST', `${RELEASES}/${release.id}/commands`, body);
  const pass = (ms: number) => {
    clock.nowMs += ms;
    return app.bunting.releaseEngine.look();
  };
  const argo = (query = '') => call('GET', `${HOOKS}/argo-rollouts?flag=checkout${query}`);
  const flagger = (hook: string, body: object = canary) => call('POST', `${HOOKS}/flagger/${hook}?flag=checkout`, body);
  /** The hooks that are answered with a yes. */
  const yes = async () => {
    const asked = [
      'confirm-rollout',
      'pre-rollout',
      'rollout',
      'confirm-traffic-increase',
      'confirm-promotion',
      'rollback',
    ];
    const said: string[] = [];
    for (const hook of asked) if ((await flagger(hook)).status === 200) said.push(hook);
    return said;
  };
  return { ...server, clock, release, command, pass, argo, flagger, yes };
}

const GOES = ['confirm-rollout', 'pre-rollout', 'rollout', 'confirm-traffic-increase'];

test('Flagger goes on when the release does, waits without counting when it waits, and goes back when it goes back', async () => {
  const { command, pass, yes, clock } = await startRelease();
  expect(await yes()).toEqual(['pre-rollout', 'rollout']);
  await command({ command: 'start' });
  expect(await yes()).toEqual(GOES);
  await command({ command: 'pause', reason: 'lunch' });
  expect(await yes()).toEqual(['pre-rollout', 'rollout']);
  await command({ command: 'resume' });
  await pass(MINUTE_MS);
  expect(await yes()).toEqual([...GOES, 'confirm-promotion']);
  await command({ command: 'abort', reason: 'enough' });
  expect(await yes()).toEqual(['rollback']);
  clock.nowMs += ECHO_MS + 1;
  expect(await yes()).toEqual(['pre-rollout', 'rollout']);
});

test('a kill is a rollback at once, before anyone has looked at the release', async () => {
  const { app, call, command, flagger } = await startRelease();
  await command({ command: 'start' });
  await app.bunting.releaseEngine.close();
  await call('POST', '/projects/default/flags/checkout/environments/production/kill', { reason: 'errors' });
  expect(await flagger('rollback')).toMatchObject({
    status: 200,
    body: { reason: 'Flag "checkout" of release "New checkout" is killed.' },
  });
  expect((await flagger('rollout')).body.message).toContain('is killed');
});

test('what has succeeded may be everywhere, and another deploy needs another release', async () => {
  const { command, pass, yes, argo } = await startRelease();
  await command({ command: 'start' });
  for (let minutes = 0; minutes < 3; minutes++) await pass(MINUTE_MS);
  expect(await yes()).toEqual([...GOES.slice(1), 'confirm-promotion']);
  expect((await argo()).body).toMatchObject({ verdict: 'successful', phase: 'succeeded', wantsPer100k: null });
});

test('a canary that Flagger gave up takes the release back, with who and why', async () => {
  const { call, command, flagger, release } = await startRelease();
  await command({ command: 'start' });
  expect((await flagger('post-rollout', { ...canary, phase: 'Succeeded' })).body.reason).toBe('Taken note of.');
  const failed = { ...canary, phase: 'Failed' };
  expect((await flagger('post-rollout', failed)).body.reason).toContain('The release goes back.');
  expect((await call('GET', `${RELEASES}/${release.id}`)).body.phase).toBe('aborted');
  const { body } = await call('GET', `${RELEASES}/${release.id}/decisions`);
  expect(JSON.stringify(body.items)).toContain('Flagger gave up canary test/podinfo.');
  expect((await flagger('post-rollout', failed)).status).toBe(200);
});

test('Argo Rollouts reads a verdict, and may ask for a share', async () => {
  const { command, pass, argo, release } = await startRelease();
  expect((await argo()).body).toEqual({
    verdict: 'inconclusive',
    reason: 'No release of flag "checkout" is under way: start one.',
    release: null,
    phase: null,
    wantsPer100k: null,
  });
  await command({ command: 'start' });
  expect((await argo()).body).toMatchObject({ verdict: 'successful', release: release.id, wantsPer100k: 10_000 });
  expect((await argo('&weightPer100k=20000')).body).toMatchObject({
    verdict: 'inconclusive',
    reason: 'The release wants 10 % now, not 20 % yet.',
  });
  await pass(MINUTE_MS);
  expect((await argo('&weightPer100k=20000')).body.verdict).toBe('successful');
  await command({ command: 'pause', reason: 'lunch' });
  expect((await argo()).body).toMatchObject({ verdict: 'inconclusive', reason: expect.stringContaining('lunch') });
  await command({ command: 'abort', reason: 'errors at 12 %' });
  expect((await argo()).body).toMatchObject({ verdict: 'failed', phase: 'aborted' });
});

test('a release is asked about by its id, where it is and nowhere else', async () => {
  const { call, command, release } = await startRelease();
  await command({ command: 'start' });
  const ask = (environment: string, query: string) =>
    call('GET', `/projects/default/environments/${environment}/release-hooks/argo-rollouts${query}`);
  expect((await ask('production', `?release=${release.id}`)).body.verdict).toBe('successful');
  expect((await ask('development', `?release=${release.id}`)).status).toBe(404);
  expect((await ask('production', '')).body.message).toContain('say what it is about');
  expect((await ask('production', `?release=${release.id}&flag=checkout`)).status).toBe(400);
  expect((await ask('nowhere', '?flag=checkout')).status).toBe(404);
});

test('Flagger proves itself by a token in its URL, for what the token may do and no other project', async () => {
  const server = await startRelease();
  await server.command({ command: 'start' });
  const reader = await startProgram(server, 'viewer', { project: 'default' });
  const stranger = await startProgram(server);
  const ask = async (secret: string | undefined, hook = 'rollout', body: object = canary) => {
    const basic = Buffer.from(`bunting:${secret}`).toString('base64');
    const { statusCode } = await server.app.inject({
      method: 'POST',
      url: `/api/v1${HOOKS}/flagger/${hook}?flag=checkout`,
      headers: secret === undefined ? {} : { authorization: `Basic ${basic}` },
      payload: body,
    });
    return statusCode;
  };
  expect(await ask(reader.secret)).toBe(200);
  // Reading is not enough to take a release back.
  expect(await ask(reader.secret, 'post-rollout', { ...canary, phase: 'Failed' })).toBe(403);
  expect([await ask(stranger.secret), await ask(undefined), await ask('bnt_svc_nonsense')]).toEqual([404, 401, 401]);
  const basic = `Basic ${Buffer.from(`bunting:${reader.secret}`).toString('base64')}`;
  const elsewhere = await server.app.inject({ url: '/api/v1/projects', headers: { authorization: basic } });
  expect(elsewhere.statusCode).toBe(401);
});

test('a canary whose weight can be read gets no more than the release wants, and nothing while it cannot', async () => {
  const cluster = await startSmallCluster();
  const path = '/apis/flagger.app/v1beta1/namespaces/shop/canaries/web';
  const webhooks = ['confirm-traffic-increase', 'confirm-promotion', 'rollback'].map((type) => ({ type }));
  const analysis = { stepWeight: 10, maxWeight: 50, webhooks };
  const status = { phase: 'Progressing', canaryWeight: 0, lastAppliedSpec: 'two', lastPromotedSpec: 'one' };
  cluster.add(path, { analysis }, status);
  const server = await startApp({ config: { egressAllow: ['127.0.0.1'] } });
  const { call, app } = server;
  const made = await call('PUT', `${PRODUCTION}/traffic-targets/shop`, {
    name: 'Shop',
    kind: 'flagger',
    settings: { cluster: 'kubeconfig', namespace: 'shop', canary: 'web' },
    secrets: { kubeconfig: cluster.kubeconfig() },
  });
  expect(made.status).toBe(201);
  const { body: release } = await call('POST', RELEASES, {
    title: 'Shop 2.0',
    environment: 'production',
    strategy: 'canary',
    traffic: { target: 'shop', candidate: '2.0', baseline: '1.9' },
    stages: [10_000, 100_000].map((trafficPer100k) => ({ trafficPer100k, soakSeconds: 3_600 })),
  });
  await call('POST', `${RELEASES}/${release.id}/commands`, { command: 'start' });
  const ask = (hook: string) => call('POST', `${HOOKS}/flagger/${hook}?target=shop`, canary);
  const seen = async () => {
    await app.bunting.releaseEngine.look();
    return (await call('GET', `${RELEASES}/${release.id}`)).body;
  };
  await expect.poll(async () => (await seen()).phase).toBe('progressing');
  expect((await ask('confirm-traffic-increase')).status).toBe(200);
  cluster.change(path, { status: { canaryWeight: 10 } });
  expect((await ask('confirm-traffic-increase')).body.message).toBe(
    'The release wants 10 % now, and the canary has 10 %.',
  );
  expect((await ask('confirm-promotion')).body.message).toBe(
    'The release wants 10 % now: it is not to be promoted yet.',
  );
  cluster.fails = 503;
  expect((await ask('confirm-traffic-increase')).body.message).toContain(
    'Traffic target "shop" does not tell its weight',
  );
  expect((await ask('rollout')).status).toBe(200);
  cluster.fails = undefined;
  await expect.poll(async () => (await seen()).waiting).toEqual([expect.stringContaining('It is watched for')]);
  await call('POST', `${RELEASES}/${release.id}/commands`, { command: 'abort', reason: 'enough' });
  expect((await ask('rollback')).status).toBe(200);
  cluster.change(path, { status: { phase: 'Failed', canaryWeight: 0 } });
  await expect.poll(async () => (await seen()).phase).toBe('aborted');
});
