import fc from 'fast-check';
import { expect, it } from 'vitest';
import { onFlag, snapshot } from '../test/documents.ts';
import { fileNameOf, type LastKnownGood, seal, unseal } from './last-known-good.ts';

const OWNER = { url: 'wss://flags.example.com/stream', sdkKey: 'bnt_srv_secret' };
const KEPT: LastKnownGood = { snapshot: snapshot(7, [onFlag('a'), onFlag('b')]), dataAgeMs: 12, keptAtMs: 1_000 };
const TEXT = seal(KEPT, OWNER);

it('is read back as it was', () => {
  expect(unseal(TEXT, OWNER)).toEqual(KEPT);
});

it('is refused wherever it was changed or cut off', () => {
  fc.assert(
    fc.property(fc.nat(TEXT.length - 1), fc.string({ minLength: 1, maxLength: 3 }), (at, put) => {
      const changed = TEXT.slice(0, at) + put + TEXT.slice(at + put.length);
      if (changed !== TEXT) expect(() => unseal(changed, OWNER)).toThrow();
      expect(() => unseal(TEXT.slice(0, at), OWNER)).toThrow();
    }),
  );
});

it.each([
  ['another key', { ...OWNER, sdkKey: 'bnt_srv_other' }],
  ['another server', { ...OWNER, url: 'wss://else.example.com/stream' }],
])('is refused when it is of %s, and has another name', (_which, other) => {
  expect(() => unseal(TEXT, other)).toThrow('made with another key or for another server');
  expect(fileNameOf(other)).not.toBe(fileNameOf(OWNER));
});

it('is refused when it is of another version', () => {
  expect(() => unseal(TEXT.replace('bunting-sdk-1', 'bunting-sdk-2'), OWNER)).toThrow('none of this version');
});

it('tells nobody the key', () => {
  expect(TEXT + fileNameOf(OWNER)).not.toContain('secret');
});
