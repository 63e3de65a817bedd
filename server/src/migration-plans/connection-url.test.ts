import { expect, test } from 'vitest';
import { readAddressPolicy } from '../egress/address-policy.ts';
import { problemOfUrl, showUrl } from './connection-url.ts';

const policy = readAddressPolicy(['10.0.0.0/8', '127.0.0.1']);
const OWN = 'postgres://bunting:secret@10.0.0.5/bunting';

test.each([
  ['mysql://root@10.0.0.1/shop', /^give a URL such as postgres:/],
  ['postgres://shop@10.0.0.1:5432', /must name a database/],
  ['postgres://10.0.0.1/shop', /must name the role/],
  ['postgres://shop@192.168.0.1/shop', /192\.168\.0\.1 is not on the public internet.*BUNTING_EGRESS_ALLOW/],
  ['postgres://shop@[::1]/shop', /not on the public internet/],
  ['postgres://shop@10.0.0.1/shop?host=/tmp', /has a parameter host/],
  ['postgres://shop@10.0.0.1/shop?sslrootcert=/etc/passwd', /has a parameter sslrootcert/],
  ['postgres://shop@10.0.0.5:5432/bunting', /leads to Bunting's own database/],
])('%s is refused', (url, message) => {
  expect(problemOfUrl(url, policy, OWN)).toMatch(message);
});

test('another database beside the own one is allowed, and a name is looked at when it is resolved', () => {
  expect(problemOfUrl('postgres://shop:p%40ss@10.0.0.5/shop?sslmode=require', policy, OWN)).toBeUndefined();
  expect(problemOfUrl('postgresql://shop@db.internal/shop', policy, OWN)).toBeUndefined();
});

test('what is shown of a URL has no password in it', () => {
  expect(showUrl('postgres://shop:p%40ss@10.0.0.5:6432/sh%20op')).toEqual({
    host: '10.0.0.5:6432',
    database: 'sh op',
    role: 'shop',
  });
});
