import type { Flag } from '@bunting/core';
import { expect, it } from 'vitest';
import { snapshot } from './test/documents.ts';
import { HEARTBEAT, startClient, startServer } from './test/live-client.ts';
import { stampOf } from './transports/position.ts';

const LEASED: Flag = {
  ...{ key: 'leased', type: 'boolean', enabled: true, offVariant: 'off' },
  variants: [
    { name: 'on', value: true },
    { name: 'off', value: false },
  ],
  defaultRule: {
    split: {
      ranges: [{ variant: 'on', from: 0, to: 100_000 }],
      lease: { variant: 'on', fallback: 'off', seconds: 60 },
    },
  },
};

async function startLeased() {
  const server = await startServer();
  const { flags } = startClient(server);
  const peer = await server.next();
  const served = () => flags.getBooleanDetails('leased', false, { targetingKey: 'ann' });
  return { flags, peer, served };
}

it.each([
  ['whoever made the data has not looked after it', { vouchAgeMs: 61_000 }],
  ['contact with whoever made the data is lost on the way', { dataAgeMs: 61_000 }],
])('falls back when %s for longer than the lease, and no longer when that is over', async (_, age) => {
  const { peer, served, flags } = await startLeased();
  peer.send(snapshot(1, [LEASED]));
  await flags.ready();
  expect(served()).toMatchObject({ variant: 'on', reason: 'SPLIT' });
  peer.send({ ...HEARTBEAT, ...age });
  await expect.poll(served).toMatchObject({ value: false, reason: 'STALE', flagMetadata: { cause: 'lease' } });
  peer.send(HEARTBEAT);
  await expect.poll(served).toMatchObject({ value: true, reason: 'SPLIT' });
});

it('falls back from the beginning when the first word says that nobody looks after it', async () => {
  const { peer, served, flags } = await startLeased();
  peer.send({ ...snapshot(1, [LEASED]), vouchAgeMs: 3_600_000 });
  await flags.ready();
  expect(served()).toMatchObject({ variant: 'off', reason: 'STALE' });
});

it('what comes over HTTP says how old it is in its headers', () => {
  const headers = { 'stream-time-ms': '5', 'stream-data-age-ms': '7' };
  expect(stampOf(headers)).toEqual({ timeMs: 5, dataAgeMs: 7 });
  expect(stampOf({ ...headers, 'stream-vouch-age-ms': '9' })).toEqual({ timeMs: 5, dataAgeMs: 7, vouchAgeMs: 9 });
});
