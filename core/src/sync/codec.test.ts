import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeServerMessage, encode } from './codec.ts';
import type { ServerMessage, SnapshotMessage } from './messages.ts';

const revision = { incarnation: 'i', number: 3, hash: 'h' };
const header = { revision, committedAtMs: 1, timeMs: 2 };

const json = fc.json();
const item = fc.record({ kind: fc.constant('flag' as const), key: fc.stringMatching(/^[a-z0-9._-]{1,20}$/), json });

const snapshot: SnapshotMessage = {
  ...header,
  type: 'snapshot',
  kills: [{ flag: 'a', epoch: 1, engaged: true }],
  items: [
    { kind: 'flag', key: 'a', json: '{"x":"\\n é 🎏"}' },
    { kind: 'flag', key: 'b', json: '{}' },
  ],
};

describe('a frame', () => {
  test('of any items reads back as it was', () => {
    fc.assert(
      fc.property(fc.array(item), (items) => {
        const message: ServerMessage = { ...header, type: 'snapshot', kills: [], items };
        expect(decodeServerMessage(encode(message))).toEqual({ ok: true, message });
      }),
    );
  });

  test.each<[string, ServerMessage]>([
    ['snapshot', snapshot],
    ['changes', { ...header, type: 'changes', from: 2, delete: [{ kind: 'flag', key: 'a' }], items: snapshot.items }],
    ['welcome', { type: 'welcome', takes: ['measurements', 'something-newer'] }],
    ['kill', { type: 'kill', flag: 'a', epoch: 4, engaged: false }],
    [
      'settings',
      { type: 'settings', contextSampling: 'contexts', privateAttributes: ['email'], salt: 's', maxPerMinute: 240 },
    ],
    ['heartbeat', { type: 'heartbeat', timeMs: 5, dataAgeMs: 0 }],
    ['goodbye', { type: 'goodbye', retryAfterMs: 100 }],
    ['error', { type: 'error', code: 'x', message: 'do y', requestId: 'r' }],
    [
      'values',
      {
        ...header,
        type: 'values',
        whole: false,
        values: { a: { value: null, variant: 'v', reason: 'SPLIT' } },
        delete: ['b'],
      },
    ],
  ])('of a %s message reads back as it was', (_type, message) => {
    expect(decodeServerMessage(encode(message))).toEqual({ ok: true, message });
  });

  test('keeps items that were stored over several lines', () => {
    const message = { ...snapshot, items: [{ kind: 'flag' as const, key: 'a', json: '{\n  "x": 1\n}' }] };
    const decoded = decodeServerMessage(encode(message));
    expect(
      decoded.ok && decoded.message.type === 'snapshot' && JSON.parse(decoded.message.items[0]?.json ?? ''),
    ).toEqual({
      x: 1,
    });
  });

  test('skips items of a kind that only newer versions know', () => {
    const decoded = decodeServerMessage(`${encode(snapshot)}\nfuture x {"a":1}`);
    expect(decoded).toEqual({ ok: true, message: snapshot });
  });

  test.each(['surprise', 'unknown', '', '__proto__', 'constructor'])('of the unknown type %j is told apart', (name) => {
    const message = { type: 'unknown', name };
    expect(decodeServerMessage(JSON.stringify({ type: name, revision: 7 }))).toEqual({ ok: true, message });
    expect(decodeServerMessage(`{"type":"${name}"}\nlines of its own`)).toEqual({ ok: true, message });
  });

  test('may have fields that only newer versions know, at any depth', () => {
    const newer = {
      ...snapshot,
      revision: { ...revision, signature: 's' },
      kills: snapshot.kills.map((kill) => ({ ...kill, by: 'someone' })),
      priority: 9,
    };
    expect(decodeServerMessage(encode(newer))).toEqual({ ok: true, message: newer });
  });

  test.each([
    ['', /first line is not JSON/],
    ['{', /first line is not JSON/],
    ['null', /must be an object/],
    ['{}', /type must be a string, is missing/],
    ['{"type":7}', /type must be a string, is number 7/],
    ['{"type":"kill","flag":"a","epoch":-1,"engaged":true}', /epoch must be an integer/],
    ['{"type":"kill","flag":"a","epoch":1}', /engaged is missing/],
    ['{"type":"welcome"}', /takes is missing/],
    ['{"type":"welcome","takes":[7]}', /takes\[0\] must be a string/],
    [JSON.stringify({ ...snapshot, revision: { incarnation: 'i', number: '3', hash: 'h' } }), /revision\.number/],
    [`${encode(snapshot)}\nflag`, /item 3 must read/],
    [`${encode(snapshot)}\nflag key-without-json`, /item 3 must read/],
    [`${encode(snapshot)}\nflag  {}`, /item 3 must read/],
  ])('%j is refused', (frame, error) => {
    const decoded = decodeServerMessage(frame);
    expect(decoded.ok).toBe(false);
    expect(decoded).toHaveProperty('error', expect.stringMatching(error));
  });

  test('never throws, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.anything()), (frame) => {
        decodeServerMessage(frame as string);
      }),
    );
  });
});
