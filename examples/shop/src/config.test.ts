import { expect, test } from 'vitest';
import { readShopConfig, readVisitorsConfig } from './config.ts';

const key = { BUNTING_SDK_KEY: 'bnt_srv_x' };

test('only the SDK key has no default', () => {
  expect(readShopConfig(key)).toMatchObject({ SHOP_PORT: 4300, BUNTING_URL: 'http://127.0.0.1:4242' });
  expect(readVisitorsConfig({})).toMatchObject({ VISITS_PER_SECOND: 3, VISITORS: 60 });
});

test('port 0 is any free port, and an empty variable counts as unset', () => {
  expect(readShopConfig({ ...key, SHOP_PORT: '0', BUNTING_URL: '' })).toMatchObject({
    SHOP_PORT: 0,
    BUNTING_URL: 'http://127.0.0.1:4242',
  });
});

test.each([
  [{}, /BUNTING_SDK_KEY is missing; make a server key/],
  [{ BUNTING_SDK_KEY: 'bnt_cli_x' }, /BUNTING_SDK_KEY must be a server key/],
  [{ ...key, SHOP_PORT: 'http' }, /SHOP_PORT must be a port number/],
  [{ ...key, SHOP_PORT: '70000' }, /SHOP_PORT must be 65535 or below/],
  [{ ...key, BUNTING_URL: 'ftp://flags' }, /BUNTING_URL must be an http address/],
])('%o is refused with the variable and the fix', (environment, message) => {
  expect(() => readShopConfig(environment)).toThrow(message);
});

test('all wrong variables are named at once', () => {
  expect(() => readVisitorsConfig({ VISITS_PER_SECOND: '0', VISITORS: '1.5' })).toThrow(
    /VISITS_PER_SECOND must be above 0.*\n {2}VISITORS must be a whole number/,
  );
});
