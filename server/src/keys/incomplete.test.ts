import { expect, test } from 'vitest';
import { hashSecret } from '../access/secrets.ts';
import { callerOf as ofrepCallerOf } from '../ofrep/caller.ts';
import { callerOf } from '../polling/caller.ts';
import { Rulesets } from '../rulesets/rulesets.ts';
import { identify } from '../stream/identify.ts';
import { hello } from '../testing/stream-client.ts';
import { KeyRing } from './key-ring.ts';

/** A key of an environment that another server made a moment ago: the key is known here, the environment not yet. */
const SECRET = `bnt_srv_${'k'.repeat(43)}`;
const keys = new KeyRing();
keys.add(hashSecret(SECRET), { id: 'k', kind: 'server', name: 'k', environmentId: 'e' });
const rulesets = new Rulesets(() => {});
const headers = { authorization: `Bearer ${SECRET}` };

test.each([
  ['the stream', () => identify(hello(SECRET), { keys, rulesets, origin: undefined, maxContextBytes: 1 })],
  ['polling', () => callerOf(headers, 'server', keys, rulesets)],
  ['OFREP', () => ofrepCallerOf(headers, keys, rulesets)],
])('a key whose environment is not known here yet is asked to come back by %s, not refused', (_way, enter) => {
  expect(enter).toThrow(expect.objectContaining({ code: 'not_ready' }));
});
