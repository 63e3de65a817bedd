import { expect, it } from 'vitest';
import { flagOf, onFlag, revision, rolloutFlag, snapshot } from './test/documents.ts';
import { startClient, startLive, startServer } from './test/live-client.ts';

const shown = (flag: ReturnType<typeof onFlag>) => ({ ...flag, clientVisible: true });
const FLAGS = [
  shown(flagOf('words', 'string', { first: 'a', second: 'b' })),
  shown(rolloutFlag('rollout', 100_000)),
  onFlag('secret'),
];

it('are those of the flags that pages may see, and of all when asked for', async () => {
  const { flags, peer } = await startLive();
  peer.send(snapshot(2, FLAGS));
  await expect.poll(() => flags.revision?.number).toBe(2);
  const words = { value: 'a', variant: 'first', reason: 'STATIC' };
  const rollout = { value: true, variant: 'on', reason: 'SPLIT' };
  const page = flags.all({ targetingKey: 'u' });
  expect(page).toEqual({ revision: revision(2), values: { words, rollout }, timeMs: expect.any(Number) });
  expect(Math.abs((page?.timeMs ?? 0) - Date.now())).toBeLessThan(5_000);
  // A flag without an answer for the context is left out: the page's default stands.
  expect(flags.all()?.values).toEqual({ words });
  expect(flags.withContext({ targetingKey: 'u' }).all()?.values).toEqual({ words, rollout });
  expect(Object.keys(flags.all({}, { clientVisibleOnly: false })?.values ?? {})).toEqual(['words', 'secret']);
});

it('are none before there is a ruleset, and for what is no context', async () => {
  const { flags } = startClient(await startServer());
  expect(flags.all({})).toBeUndefined();
  const { flags: live } = await startLive();
  const misused = live.all as (...args: unknown[]) => ReturnType<typeof live.all>;
  expect(misused.call(live, null, null)?.values).toEqual({});
});

it('count no exposures', async () => {
  const { flags, peer } = await startLive();
  flags.all({}, { clientVisibleOnly: false });
  flags.isEnabled('a');
  await flags.close();
  expect(await peer.receive('telemetry')).toMatchObject({ exposures: [{ flag: 'a', count: 1 }] });
});
