import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { expect, onTestFinished, test } from 'vitest';
import { newWebhookSecret } from '../egress/signature.ts';
import { trafficMeans } from '../testing/traffic-means.ts';
import { webhook } from './webhook.ts';

const signal = AbortSignal.timeout(60_000);
const means = trafficMeans();
const capabilities = { atomic: true, fenced: true };

/** A router of someone's own, that takes what is signed with its secret. */
async function startRouter() {
  const secret = newWebhookSecret();
  const router = {
    state: { candidatePer100k: 0, fence: 0 } as Record<string, unknown>,
    status: 0,
    last: {} as unknown,
  };
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const answer = (status: number, value: unknown) => response.writeHead(status).end(JSON.stringify(value));
    try {
      // The library of others that receivers use. It reads JSON, and an empty body is none.
      new Webhook(secret).verify(body, request.headers as Record<string, string>);
    } catch (error) {
      if (body !== '' || !(error instanceof SyntaxError)) return answer(401, { message: 'not signed' });
    }
    if (router.status !== 0) return answer(router.status, { message: 'as told' });
    if (request.method === 'GET') return answer(200, { ...router.state, version: 'of the router' });
    router.last = JSON.parse(body);
    const { fence, ...desired } = router.last as { fence: number };
    if (fence < Number(router.state.fence)) return answer(409, { message: 'someone came later' });
    router.state = { ...desired, fence };
    return answer(200, {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/weight`;
  const open = (key = secret, more = {}) => webhook.open({ url, capabilities, ...more }, { secret: key }, means);
  return { router, url, open, target: open() };
}

test('GET reads and POST sets, both signed by Standard Webhooks', async () => {
  const { router, target } = await startRouter();
  expect(await target.read(signal)).toMatchObject({ candidatePer100k: 0, fence: 0 });
  await target.apply({ candidatePer100k: 20_000, shadowPer100k: 100, notAfterMs: 1_800_000_000_000 }, 3, signal);
  expect(router.last).toEqual({
    candidatePer100k: 20_000,
    shadowPer100k: 100,
    notAfterMs: 1_800_000_000_000,
    fence: 3,
  });
  expect(await target.read(signal)).toMatchObject({ candidatePer100k: 20_000, shadowPer100k: 100, fence: 3 });
  await expect(target.apply({ candidatePer100k: 0 }, 2, signal)).rejects.toMatchObject({ code: 'stale_fence' });
});

test('with another secret nothing is read and nothing is set', async () => {
  const { router, open } = await startRouter();
  const stranger = open(newWebhookSecret());
  await expect(stranger.read(signal)).rejects.toMatchObject({ code: 'refused' });
  await expect(stranger.apply({ candidatePer100k: 1 }, 1, signal)).rejects.toThrow(
    'answered 401: {"message":"not signed"}',
  );
  expect(router.last).toEqual({});
});

test('what it counts is read, and what is wrong with its answers is said', async () => {
  const { router, open, target: uncounted } = await startRouter();
  expect(uncounted.count).toBeUndefined();
  const target = open(undefined, { counts: true });
  await expect(target.count?.(signal)).rejects.toThrow('counts nothing');
  const counts = { candidate: { requests: 10, errors: 1 }, baseline: { requests: 90, errors: 0 } };
  router.state = { counts };
  expect(await target.count?.(signal)).toEqual(counts);
  router.state = { candidatePer100k: '5 %' };
  await expect(target.read(signal)).rejects.toThrow("The webhook's answer is not right: candidatePer100k");
  router.status = 500;
  await expect(target.apply({ candidatePer100k: 1 }, 1, signal)).rejects.toMatchObject({ code: 'unreachable' });
  router.status = 422;
  await expect(target.apply({ candidatePer100k: 1 }, 1, signal)).rejects.toMatchObject({ code: 'refused' });
});

test('it can what its settings say, and leads where this server may send', async () => {
  const { target } = await startRouter();
  expect(target.capabilities).toEqual({
    ...{ atomic: true, sticky: false, lease: false, drain: false, shadow: false, fenced: true },
    granularityPer100k: 1,
  });
  expect(webhook.check({ url: 'http://10.0.0.1/weight' }, means)).toEqual([
    { path: 'url', message: expect.stringContaining('BUNTING_EGRESS_ALLOW') },
  ]);
});
