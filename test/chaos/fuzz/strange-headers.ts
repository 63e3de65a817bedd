import fc, { type Arbitrary } from 'fast-check';
import { mostly } from './odds.ts';

const absentOr = (arbitrary: Arbitrary<string>) => mostly(4, '', arbitrary);

/** Of headers that operations declare. */
export const headerValues: Readonly<Record<string, Arbitrary<string>>> = {
  'if-match': absentOr(
    fc.constantFrom('*', '"1"', '"2"', 'W/"1"', '1', '"99999999999999999999"', '"', '"a", "b"', '"-1"'),
  ),
  'if-none-match': absentOr(fc.constantFrom('*', '"1"', 'W/"1", "2"', '"'.repeat(500), '"x.1.y"', ',,,')),
  'idempotency-key': absentOr(
    fc.oneof(fc.constantFrom('k', 'x'.repeat(300), '"', 'Ünï'), fc.stringMatching(/^[a-z0-9-]{8,40}$/)),
  ),
  'bunting-comment': absentOr(fc.constantFrom('because', '%F0%9F', '%', 'x'.repeat(5_000), '%00', '\u00ff\u00fe')),
  'bunting-break-glass': absentOr(fc.constantFrom('true', 'false', '1', 'x')),
  'x-context-hash': absentOr(fc.constantFrom('00', 'x'.repeat(64), '0'.repeat(64))),
};

/** Of bodies. */
export const strangeTypes = [
  'text/plain',
  'application/xml',
  'application/json; charset=utf-16',
  'application/json;;;',
  'application/json, text/plain',
  'APPLICATION/JSON',
  'application/scim+json',
  'multipart/form-data; boundary=x',
  'application/x-www-form-urlencoded',
  '/',
  '',
];

/** What a client would hardly send. */
export const strangeHeaders: Arbitrary<Record<string, string | string[]>> = fc.oneof(
  fc
    .constantFrom(
      '',
      'Bearer',
      'Bearer ',
      'Bearer a b',
      'Basic Og==',
      'Basic ====',
      'Digest x',
      `Bearer ${'x'.repeat(7_000)}`,
      'Bearer bnt_adm_',
      'bearer \u00ff',
    )
    .map((authorization) => ({ authorization })),
  fc
    .constantFrom(
      'bunting_session=',
      'bunting_session=%00',
      'bunting_session=x; bunting_session=y',
      `a=${'x'.repeat(7_000)}`,
      '=;=;',
      '__Host-bunting_session=%',
    )
    .map((cookie) => ({ cookie })),
  fc.constantFrom('https://evil.example', 'null', '', 'http://[', 'x').map((origin) => ({ origin })),
  fc.constantFrom('cross-site', 'none', 'x', 'same-origin').map((value) => ({ 'sec-fetch-site': value })),
  fc.constantFrom('evil.example', '', 'a b', '[::1', 'localhost:99999').map((host) => ({ host })),
  fc
    .constantFrom('gzip', 'br;q=0, *', 'x'.repeat(2_000), 'identity;q=0')
    .map((value) => ({ 'accept-encoding': value })),
  fc.constantFrom('gzip', 'deflate', 'br', 'x').map((value) => ({ 'content-encoding': value })),
  fc.constantFrom('text/event-stream', 'x/', '*/*;q=9', 'application/xml').map((accept) => ({ accept })),
  fc
    .constantFrom('1.2.3.4', 'x, y, z', '::1', '"')
    .map((value) => ({ 'x-forwarded-for': value, 'x-forwarded-host': value })),
  fc.constantFrom('PATCH', 'DELETE', 'X').map((value) => ({ 'x-http-method-override': value })),
  fc.constantFrom('x.1.y', '-1', '\u00ff', 'x'.repeat(3_000), '[1]').map((value) => ({ 'last-event-id': value })),
  fc.constantFrom('100-continue', 'x').map((expect) => ({ expect })),
  fc.constantFrom('bytes=0-1', 'bytes=-1,0-0', 'x').map((range) => ({ range })),
  fc.constant({ 'x-a': Array.from({ length: 60 }, (_, at) => `${at}`) }),
  fc.constant({ 'x-large': 'x'.repeat(20_000) }),
  fc.constant({ connection: 'upgrade', upgrade: 'websocket' }),
);
