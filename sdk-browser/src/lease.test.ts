import { expect, it } from 'vitest';
import { once, startLive, values } from './test/page.ts';

const LEASED = {
  value: true,
  variant: 'on',
  reason: 'SPLIT',
  lease: { value: false, variant: 'off', reason: 'STALE', seconds: 60 },
} as const;
const HEARTBEAT = { type: 'heartbeat', timeMs: 0, dataAgeMs: 0 } as const;

async function startLeased() {
  const page = await startLive();
  const changed = once(page.flags, 'change');
  page.peer.send(values(2, {}, { values: { leased: LEASED, plain: { ...LEASED, lease: undefined } } as never }));
  await changed;
  const details = () => page.flags.getBooleanDetails('leased', false);
  return { ...page, details };
}

it('falls back when no server has vouched for longer than the lease, until one does; the rest stays', async () => {
  const { flags, peer, details } = await startLeased();
  expect(details()).toMatchObject({ value: true, variant: 'on', reason: 'SPLIT' });
  peer.send({ ...HEARTBEAT, vouchAgeMs: 61_000 });
  await expect.poll(details).toMatchObject({ value: false, variant: 'off', reason: 'STALE' });
  expect([flags.isEnabled('leased'), flags.isEnabled('plain')]).toEqual([false, true]);
  expect(flags.state).toBe('live');
  peer.send(HEARTBEAT);
  await expect.poll(details).toMatchObject({ value: true, reason: 'SPLIT' });
});

it('falls back by itself when its time is over, without any message', async () => {
  const { flags, peer } = await startLeased();
  peer.send({ ...HEARTBEAT, vouchAgeMs: 59_500 });
  await expect.poll(() => flags.isEnabled('leased')).toBe(false);
});

it('new values of a server that does not look after releases vouch for nothing', async () => {
  const { flags, peer } = await startLeased();
  const changed = once(flags, 'change');
  peer.send(
    values(3, { more: 1 }, { values: { leased: LEASED, more: { ...LEASED, value: 1 } }, vouchAgeMs: 3_600_000 }),
  );
  await changed;
  expect(flags.isEnabled('leased')).toBe(false);
});
