import { expect, test } from 'vitest';
import { startPerson } from '../testing/people.ts';
import { startApp } from '../testing/start-app.ts';
import { VENDORS } from './episode.ts';
import { secretsOf } from './source-book.ts';

const SOURCE = { key: 'prom', name: 'Prometheus', vendor: 'alertmanager', allow: { action: 'kill' } } as const;

test.each(VENDORS)('a source of %s says what to type into the vendor, and shows a secret once', async (vendor) => {
  const { call, app } = await startApp();
  const { status, body } = await call('POST', '/signal-sources', { ...SOURCE, vendor }, { host: 'flags.example.com' });
  expect(status).toBe(201);
  const isMadeHere = ['alertmanager', 'grafana', 'datadog', 'opsgenie', 'generic'].includes(vendor);
  expect(body).toMatchObject({ mode: 'dry_run', url: 'http://flags.example.com/signals/prom', hasSecret: isMadeHere });
  const [setUp, mark] = [JSON.stringify(body.setUp), '<secret>'];
  expect(setUp).toContain('http://flags.example.com/signals/prom');
  expect([setUp.includes(body.secret), setUp.includes(mark)]).toEqual([isMadeHere, false]);
  const known = app.bunting.sourceBook.get('prom');
  expect(known && secretsOf(known, Date.now())).toEqual(isMadeHere ? [body.secret] : []);
  const { body: shown } = await call('GET', '/signal-sources/prom');
  const { secret: _, ...rest } = body;
  expect(shown).toEqual({ ...rest, url: shown.url, setUp: shown.setUp });
  expect(JSON.stringify(shown.setUp).includes(mark)).toBe(isMadeHere);
  const [row] = await app.bunting.database.selectFrom('signal_sources').selectAll().execute();
  expect(JSON.stringify(row)).not.toContain(body.secret ?? 'nothing');
});

test('a rotated secret holds together with the one before for a while, and a leaked one not at all', async () => {
  const { call, app } = await startApp();
  const { body: made } = await call('POST', '/signal-sources', SOURCE);
  const secretsAt = (nowMs: number) => {
    const known = app.bunting.sourceBook.get('prom');
    return known === undefined ? [] : secretsOf(known, nowMs);
  };
  const { body: rotated } = await call('POST', '/signal-sources/prom/rotate-secret', { overlapHours: 2 });
  expect(secretsAt(Date.now())).toEqual([rotated.secret, made.secret]);
  expect(JSON.stringify(rotated.setUp)).toContain(`credentials: ${rotated.secret}`);
  expect(secretsAt(Date.now() + 7_300_000)).toEqual([rotated.secret]);
  const { body: last } = await call('POST', '/signal-sources/prom/rotate-secret', { overlapHours: 0 });
  expect(last.previousUntil).toBeNull();
  expect(secretsAt(Date.now())).toEqual([last.secret]);
});

test('a vendor that makes the secret is given one afterwards, and never asked for it again', async () => {
  const { call, app } = await startApp();
  await call('POST', '/signal-sources', { ...SOURCE, vendor: 'sentry' });
  expect((await call('POST', '/signal-sources/prom/rotate-secret', {})).body.message).toMatch(
    /the one that sentry shows/,
  );
  const { body } = await call('POST', '/signal-sources/prom/rotate-secret', { secret: 'from sentry' });
  expect(body).toMatchObject({ secret: null, previousUntil: null });
  const known = app.bunting.sourceBook.get('prom');
  expect(known && secretsOf(known, Date.now())).toEqual(['from sentry']);
});

test.each([
  [{ vendor: 'generic', mapping: '1 +' }, /mapping: is no expression in CEL/],
  [{ mapping: 'body' }, /mapping: is of generic sources only/],
  [{ topics: ['arn:aws:sns:eu-west-1:123456789012:alarms'] }, /topics: are of cloudwatch only/],
  [{ vendor: 'cloudwatch', topics: ['alarms'] }, /topics/],
  [{ secret: 'my own secret' }, /secret: is made here for alertmanager/],
  [{ project: 'default', allow: { action: 'kill', projects: ['other'] } }, /allow.projects: may only be "default"/],
  [{ allow: { action: 'explode' } }, /allow.action/],
])('%j is refused, and nothing is made', async (wrong, message) => {
  const { call } = await startApp();
  const answer = await call('POST', '/signal-sources', { ...SOURCE, ...wrong });
  expect([answer.status, answer.body.message]).toEqual([400, expect.stringMatching(message)]);
  expect((await call('GET', '/signal-sources')).body.items).toEqual([]);
});

test('sources are changed by who has seen them, audited, and gone with their project', async () => {
  const { call, app } = await startApp();
  await call('POST', '/projects', { key: 'shop', name: 'Shop' });
  await call('POST', '/signal-sources', { ...SOURCE, project: 'shop' });
  expect((await call('POST', '/signal-sources', SOURCE)).status).toBe(409);
  const patch = { mode: 'armed', allow: { action: 'pause', environments: ['production'] } };
  expect((await call('PATCH', '/signal-sources/prom', patch, { 'if-match': '"7"' })).status).toBe(412);
  expect((await call('PATCH', '/signal-sources/prom', patch, { 'if-match': '"1"' })).body).toMatchObject({
    ...patch,
    version: 2,
  });
  expect(app.bunting.sourceBook.get('prom')).toMatchObject({ ...patch, project: 'shop' });
  const { body } = await call('GET', '/audit?project=shop&limit=2');
  expect(body.items[0]).toMatchObject({
    action: 'signal-source.updated',
    before: { mode: 'dry_run' },
    after: { mode: 'armed', version: 2 },
  });
  await call('DELETE', '/projects/shop?confirm=shop');
  expect((await call('GET', '/signal-sources/prom')).status).toBe(404);
  expect(app.bunting.sourceBook.get('prom')).toBeUndefined();
});

test('sources of a project are seen and changed by its own people only', async () => {
  const server = await startApp();
  const { call } = server;
  for (const key of ['shop', 'bank']) await call('POST', '/projects', { key, name: key });
  await call('POST', '/signal-sources', { ...SOURCE, key: 'of-all' });
  await call('POST', '/signal-sources', { ...SOURCE, key: 'of-shop', project: 'shop' });
  await call('POST', '/signal-sources', { ...SOURCE, key: 'of-bank', project: 'bank' });
  const { browser } = await startPerson(server, 'releaser', { project: 'shop' });
  const asPerson: typeof browser.call = (...request) => browser.call(...request);
  const keysOf = async (query = '') =>
    (await asPerson('GET', `/signal-sources${query}`)).body.items.map(({ key }: { key: string }) => key);
  expect(await keysOf()).toEqual(['of-all', 'of-shop']);
  expect(await keysOf('?project=shop')).toEqual(['of-shop']);
  expect((await asPerson('GET', '/signal-sources?project=bank')).status).toBe(404);
  expect((await asPerson('GET', '/signal-sources/of-bank')).status).toBe(404);
  expect((await asPerson('PATCH', '/signal-sources/of-bank', { mode: 'armed' })).status).toBe(404);
  expect((await asPerson('PATCH', '/signal-sources/of-all', { mode: 'armed' })).status).toBe(403);
  expect((await asPerson('PATCH', '/signal-sources/of-shop', { mode: 'armed' })).status).toBe(200);
  expect((await asPerson('POST', '/signal-sources', { ...SOURCE, key: 'x' })).status).toBe(403);
});

test('pages through sources by key', async () => {
  const { call } = await startApp();
  for (const key of ['c', 'a', 'b']) await call('POST', '/signal-sources', { ...SOURCE, key });
  const first = await call('GET', '/signal-sources?limit=2');
  expect(first.body.items.map(({ key }: { key: string }) => key)).toEqual(['a', 'b']);
  const second = await call('GET', `/signal-sources?limit=2&cursor=${first.body.nextCursor}`);
  expect(second.body).toMatchObject({ items: [{ key: 'c' }], nextCursor: null });
});
