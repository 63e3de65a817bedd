import type { Flag } from '@bunting/core';
import { expect, it } from 'vitest';
import { flagOf, onFlag, snapshot } from './test/documents.ts';
import { startClient, startServer } from './test/live-client.ts';

const canary: Flag = {
  ...flagOf('canary', 'boolean', { on: true, off: false }),
  defaultRule: { variant: 'off' },
  rules: [
    {
      id: 'new',
      when: { attribute: 'deploy.version', operator: 'semver', values: ['>=1.4'] },
      serve: { split: { by: 'deploy.color', ranges: [{ variant: 'on', from: 0, to: 100_000 }] } },
    },
  ],
};

async function start(deploy: { version?: string; color?: string }) {
  const server = await startServer();
  const { flags } = startClient(server, { options: { deploy } });
  const peer = await server.next();
  peer.send(snapshot(1, [canary]));
  await flags.ready();
  return { flags, peer };
}

it('makes the deploy part of every context, after changes too', async () => {
  const { flags, peer } = await start({ version: '1.4.2', color: 'blue' });
  expect(flags.isEnabled('canary')).toBe(true);
  expect(flags.isEnabled('canary', { targetingKey: 'u' })).toBe(true);
  expect(flags.withContext({ country: 'NL' }).isEnabled('canary')).toBe(true);
  peer.send(
    snapshot(2, [{ ...canary, rules: canary.rules?.map((rule) => ({ ...rule, id: 'other' })) ?? [] }, onFlag('a')]),
  );
  await expect.poll(() => flags.revision?.number).toBe(2);
  expect(flags.getBooleanDetails('canary', false)).toMatchObject({ value: true, flagMetadata: { ruleId: 'other' } });
});

it('leaves a context with a deploy of its own as it is', async () => {
  const { flags } = await start({ version: '1.4.2', color: 'blue' });
  expect(flags.isEnabled('canary', { deploy: { version: '1.3.0', color: 'green' } })).toBe(false);
  expect(flags.isEnabled('canary', { deploy: { version: '1.5.0' } })).toBe(false);
  expect(flags.isEnabled('canary', { deploy: null })).toBe(false);
  expect(flags.isEnabled('canary', { deploy: undefined })).toBe(true);
});

it('has none that is not known', async () => {
  const { flags } = await start({ color: 'blue' });
  expect(flags.isEnabled('canary')).toBe(false);
});
