import { expect, test } from 'vitest';
import { compileMapping } from './mapping.ts';

const ZABBIX = `{
  "status": body.state == "PROBLEM" ? "firing" : "resolved",
  "fingerprint": string(body.trigger.id),
  "startsAt": body.time,
  "labels": {"host": body.host, "severity": string(body.severity)}
}`;
const body = { state: 'PROBLEM', trigger: { id: 42.5 }, time: '2026-11-21T02:00:12Z', host: 'web-1', severity: 5 };

test('makes an alert, a list of them, or none', () => {
  expect(compileMapping(ZABBIX)(body)).toEqual({
    status: 'firing',
    fingerprint: '42.5',
    startsAt: '2026-11-21T02:00:12Z',
    labels: { host: 'web-1', severity: '5' },
  });
  expect(compileMapping('body.alerts.map(a, {"fingerprint": a, "count": 1 + 1})')({ alerts: ['x', 'y'] })).toEqual([
    { fingerprint: 'x', count: 2 },
    { fingerprint: 'y', count: 2 },
  ]);
  expect(compileMapping('has(body.alerts) ? body.alerts : null')({})).toBeNull();
});

test.each([
  ['1 +', /mapping: is no expression in CEL/],
  ['bodi.x', /mapping: is no expression in CEL/],
  ['true', /it makes bool/],
  ['"x" + 1', /mapping: is no expression in CEL/],
  [`body${'.x'.repeat(40)}`, /mapping: is no expression in CEL/],
  [`[${'body,'.repeat(200)}body]`, /mapping: is no expression in CEL/],
])('refuses %s when it is written, with the reason', (expression, message) => {
  expect(() => compileMapping(expression)).toThrow(message);
});

test('what a message lacks is said', () => {
  expect(() => compileMapping(ZABBIX)({})).toThrow(/cannot be applied to the message: No such key: state/);
});

test.each([
  ['body.text.matches("^(a+)+$") ? body : null', { text: `${'a'.repeat(60)}b` }],
  [
    'body.list.all(a, body.list.all(b, body.list.all(c, a == b && b == c))) ? body : null',
    { list: Array(2_000).fill('x') },
  ],
])('%s is ended when it takes too long', (expression, long) => {
  const startMs = performance.now();
  expect(() => compileMapping(expression)(long)).toThrow(/takes longer than 250 ms/);
  expect(performance.now() - startMs).toBeLessThan(2_000);
});

test('a message cannot reach what is not its own', () => {
  for (const name of ['constructor', '__proto__', 'toString']) {
    expect(() => compileMapping(`body.${name}`)({})).toThrow(/cannot be applied/);
  }
});
