import { readFileSync } from 'node:fs';
import * as core from '@bunting/core';
import { expect, expectTypeOf, it } from 'vitest';
import * as protocol from './protocol.ts';
import { SDK } from './version.ts';

it('is the same protocol that the server speaks', () => {
  expect(protocol.SUBPROTOCOL).toBe(core.SUBPROTOCOL);
  expect(protocol.PROTOCOL_VERSION).toBe(core.PROTOCOL_VERSION);
  expect(core.CLOSE).toMatchObject(protocol.CLOSE);
  expectTypeOf<core.ValuesMessage>().toExtend<protocol.ValuesMessage>();
  expectTypeOf<core.HeartbeatMessage>().toExtend<protocol.HeartbeatMessage>();
  expectTypeOf<core.GoodbyeMessage>().toExtend<protocol.GoodbyeMessage>();
  expectTypeOf<core.ErrorMessage>().toExtend<protocol.ErrorMessage>();
  expectTypeOf<protocol.Reason>().toEqualTypeOf<core.Reason>();
});

it('introduces itself by the name and version of package.json', () => {
  const { name, version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  expect(SDK).toEqual({ name, version });
});

it.each(['surprise', 'constructor', 'toString', '__proto__'])('lets a message of type %s pass', (type) => {
  expect(protocol.readMessage(JSON.stringify({ type }))).toBeUndefined();
});
