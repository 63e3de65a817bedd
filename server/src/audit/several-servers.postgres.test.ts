import { expect, test } from 'vitest';
import { newFolder, startApp } from '../testing/start-app.ts';

const FLAGS = '/projects/default/flags';
const MASTER_KEY = Buffer.alloc(32, 7).toString('base64');

test('servers that change, kill and sign at the same time make chains and checkpoints without gaps', async () => {
  const options = { dataDir: newFolder(), config: { masterKey: MASTER_KEY } };
  const a = await startApp(options);
  const b = await startApp(options);
  await a.call('POST', FLAGS, { key: 'a', type: 'boolean' });
  await expect.poll(() => b.app.bunting.rulesets.named('default', 'production')?.item('flag', 'a')).toBeDefined();
  const work = Array.from({ length: 48 }, (_, at) => {
    const { call } = at % 2 === 0 ? a : b;
    if (at % 12 === 5) return call('POST', '/audit/checkpoints');
    if (at % 6 === 1) return call('POST', `${FLAGS}/a/environments/production/kill`, { reason: `${at}` });
    if (at % 6 === 3) return call('POST', '/projects', { key: `p${at}`, name: 'x' });
    return call('PATCH', `${FLAGS}/a`, { description: `${at}` });
  });
  // Who collides with others too often is told so; nothing else fails.
  for (const { status } of await Promise.all(work)) expect([200, 201, 409]).toContain(status);
  const { body: last } = await b.call('POST', '/audit/checkpoints');
  const { body } = await a.call('GET', '/audit/verification');
  expect(body).toMatchObject({ intact: true, problems: [], checkpoints: last.number });
  for (const { chain, events, anchor } of body.chains) expect([chain, anchor?.seq]).toEqual([chain, events]);
});
