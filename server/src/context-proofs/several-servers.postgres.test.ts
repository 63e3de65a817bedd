import { createHmac } from 'node:crypto';
import { CLOSE, toCanonicalJson } from '@bunting/core';
import { expect, test } from 'vitest';
import { newFolder, startApp } from '../testing/start-app.ts';
import { connect, hello, listen } from '../testing/stream-client.ts';

const PRODUCTION = '/projects/default/environments/production';
const PROOF = `${PRODUCTION}/context-proof`;
const context = { targetingKey: 'ann' };

test('what one server is told to require, the other requires at once, by the same secret, also after a restart', async () => {
  const dataDir = newFolder();
  const first = await startApp({ dataDir });
  const second = await startApp({ dataDir });
  for (const { app } of [first, second]) await expect.poll(() => app.bunting.follower?.isListening).toBe(true);
  const key = (await first.call('POST', `${PRODUCTION}/keys`, { kind: 'client', name: 'page' })).body.secret;
  await expect.poll(() => second.app.bunting.keyRing.find(key)).toBeDefined();
  const url = await listen(second.app);
  const unproved = await connect(url, hello(key, { context }));
  await unproved.next('values');

  const { secret } = (await first.call('POST', `${PROOF}/secrets`)).body;
  await first.call('PUT', PROOF, { mode: 'required' });
  await unproved.next('goodbye');
  const contextHash = createHmac('sha256', secret).update(toCanonicalJson(context)).digest('hex');
  const third = await startApp({ dataDir });
  for (const to of [url, await listen(third.app)]) {
    expect(await (await connect(to, hello(key, { context }))).closed).toMatchObject({ code: CLOSE.contextRefused });
    await (await connect(to, hello(key, { context, contextHash }))).next('values');
  }
});
