import { expect, test } from 'vitest';
import { connectCode, ways } from './connect-code.ts';

const facts = { url: 'https://flags.example.com/eu', key: 'bnt_srv_secret', flag: 'new-checkout' } as const;

test.each(ways)('%s: the address, the key and the flag are filled in', (way) => {
  const code = connectCode(way, { ...facts, type: 'boolean' });
  for (const part of Object.values(facts)) expect(code).toContain(part);
});

test.each([
  ['string', "getStringValue('new-checkout', 'none', user)"],
  ['number', "getNumberValue('new-checkout', 0, user)"],
  ['object', "getObjectValue('new-checkout', {}, user)"],
] as const)('a flag of type %s is asked for as such', (type, call) => {
  expect(connectCode('node', { ...facts, type })).toContain(call);
  expect(connectCode('openfeature', { ...facts, type })).toContain(call);
});

test('without a key the code reads it from where secrets belong', () => {
  const { key: _, ...rest } = facts;
  expect(connectCode('node', { ...rest, type: 'boolean' })).toContain('sdkKey: process.env.BUNTING_SDK_KEY,');
  expect(connectCode('curl', { ...rest, type: 'boolean' })).toContain('Bearer $BUNTING_SDK_KEY"');
});
