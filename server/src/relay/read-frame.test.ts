import { gzipSync } from 'node:zlib';
import { encode } from '@bunting/core';
import { expect, test } from 'vitest';
import { MAX_FRAME_BYTES, readFrame } from './read-frame.ts';

const snapshot = encode({
  type: 'snapshot',
  revision: { incarnation: 'i', number: 1, hash: 'h' },
  committedAtMs: 1,
  timeMs: 2,
  kills: [],
  items: [{ kind: 'flag', key: 'a', json: '{}' }],
});
const keys = { type: 'keys', environmentId: 'e', project: 'p', environment: 'x', keys: [] };
const read = (text: string) => readFrame(Buffer.from(text), false);

test('reads text, packed text and keys; what only a newer upstream knows is named', () => {
  const expected = { type: 'snapshot', items: [{ key: 'a' }] };
  expect(read(snapshot)).toMatchObject(expected);
  expect(readFrame(gzipSync(snapshot), true)).toMatchObject(expected);
  expect(read(JSON.stringify(keys))).toEqual(keys);
  expect(read('{"type":"from-the-future"}')).toEqual({ type: 'unknown', name: 'from-the-future' });
});

test.each([
  ['no JSON', 'what', false],
  ['a snapshot without a revision', '{"type":"snapshot"}', false],
  ['keys without a list', JSON.stringify({ ...keys, keys: undefined }), false],
  ['a hash that is none', JSON.stringify({ ...keys, keys: [{ id: 'k', kind: 'server', name: '', hash: 'x' }] }), false],
  [
    'an admin key',
    JSON.stringify({ ...keys, keys: [{ id: 'k', kind: 'admin', name: '', hash: 'a'.repeat(64) }] }),
    false,
  ],
  ['a binary frame that is not packed', snapshot, true],
  ['a packed frame that is cut off', gzipSync(snapshot).subarray(0, 40), true],
  ['a small frame that would fill the memory', gzipSync(Buffer.alloc(MAX_FRAME_BYTES + 1)), true],
])('%s is unusable', (_, frame, isBinary) => {
  expect(readFrame(Buffer.from(frame as string), isBinary)).toMatchObject({ type: 'unusable' });
});
