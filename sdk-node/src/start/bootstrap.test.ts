import { encode } from '@bunting/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { onFlag, revision, snapshot } from '../test/documents.ts';
import { parseSnapshot, toSnapshot } from './bootstrap.ts';
import { bootstrapSourceOf } from './bootstrap-source.ts';

const DOCUMENT = { revision: revision(4), committedAtMs: 5, flags: [onFlag('a')] };

it('is a document, its JSON however it is laid out, or a snapshot as it travels', () => {
  const expected = { revision: DOCUMENT.revision, items: snapshot(4, DOCUMENT.flags).items };
  expect(toSnapshot(DOCUMENT)).toMatchObject(expected);
  expect(parseSnapshot(JSON.stringify(DOCUMENT))).toMatchObject(expected);
  expect(parseSnapshot(JSON.stringify(DOCUMENT, undefined, 2))).toMatchObject(expected);
  expect(parseSnapshot(encode(snapshot(4, DOCUMENT.flags)))).toMatchObject(expected);
});

it.each([
  [null, 'it is object'],
  [{ flags: [] }, 'revision'],
  [{ ...DOCUMENT, revision: { incarnation: 'i', number: 1.5, hash: '' } }, 'revision.number'],
  [{ ...DOCUMENT, kills: 'all' }, 'kills'],
  [{ ...DOCUMENT, flags: { a: onFlag('a') } }, 'flags are no list'],
  [{ ...DOCUMENT, flags: [{}] }, 'flag 0 has no key'],
])('is refused with the fix when it is %j', (document, problem) => {
  expect(() => toSnapshot(document)).toThrow(problem);
  expect(() => toSnapshot(document)).toThrow('Give bootstrap what GET /stream/snapshot answered, or');
});

it('is an Error whatever it is that cannot be used', () => {
  fc.assert(
    fc.property(fc.anything(), (document) => {
      try {
        toSnapshot(document);
      } catch (cause) {
        expect(cause).toBeInstanceOf(Error);
      }
    }),
  );
});

it.each([
  ['./flags.json', { type: 'file', path: './flags.json' }],
  ['file:///srv/flags.json', { type: 'file', path: '/srv/flags.json' }],
  [new URL('file:///srv/flags.json'), { type: 'file', path: '/srv/flags.json' }],
  ['https://cdn.example.com/f', { type: 'fetched', url: new URL('https://cdn.example.com/f') }],
  [DOCUMENT, { type: 'document', document: DOCUMENT }],
])('%s is where it is taken from', (option, source) => {
  expect(bootstrapSourceOf(option)).toEqual(source);
});
