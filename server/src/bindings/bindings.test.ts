import { expect, test } from 'vitest';
import { episodeOf, type SignalAlert } from '../signals/episode.ts';
import { startProgram } from '../testing/programs.ts';
import { startApp } from '../testing/start-app.ts';
import { onSqlite } from '../testing/test-database.ts';
import { Acted } from './acted.ts';

const START_MS = Date.UTC(2030, 0, 1);
const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const BINDINGS = '/projects/default/bindings';
const SOURCE = { key: 'prom', name: 'Prometheus', vendor: 'alertmanager', mode: 'armed', allow: { action: 'kill' } };
const BINDING = {
  key: 'errors',
  name: 'Errors of a flag',
  source: 'prom',
  match: [{ label: 'severity', equals: 'page' }],
  targets: { flags: { label: 'flag' }, environments: { keys: ['production'] } },
  action: 'kill',
  mode: 'armed',
  coolDownSeconds: 0,
};

const ON = { variant: 'on', weightPer100k: 100_000 };
const ROLLOUT = {
  kind: 'setRollout',
  weights: [
    { variant: 'on', weightPer100k: 1 },
    { variant: 'off', weightPer100k: 99_999 },
  ],
};

/** Flags a, b and c (b and c with the tag `shop`), a source, a clock, and alerts of it. */
async function start(binding: object = {}, source: object = {}) {
  const clock = { ms: START_MS };
  const server = await startApp({ now: () => clock.ms });
  const { app, call } = server;
  for (const key of ['a', 'b', 'c']) {
    await call('POST', '/projects/default/flags', { key, type: 'boolean', tags: key === 'a' ? [] : ['shop'] });
  }
  await call('POST', '/signal-sources', { ...SOURCE, ...source });
  const { status, body } = await call('POST', BINDINGS, { ...BINDING, ...binding });
  expect([status, body.message]).toEqual([201, undefined]);
  clock.ms += SECOND_MS;
  const alert = (labels: Record<string, string> = {}, more: Partial<SignalAlert> = {}): SignalAlert => {
    const startsAtMs = more.startsAtMs ?? clock.ms;
    const fingerprint = JSON.stringify(labels);
    return {
      ...{ sourceId: 's', source: 'prom', vendor: 'alertmanager', fingerprint, startsAtMs, status: 'firing' },
      ...{
        occurredAtMs: clock.ms,
        receivedAtMs: clock.ms,
        deliveryId: 'd',
        annotations: { summary: 'errors at 12 %' },
      },
      labels: { severity: 'page', flag: 'a', ...labels },
      episode: episodeOf('s', fingerprint, String(startsAtMs)),
      ...more,
    };
  };
  const take = (sent: SignalAlert) => {
    const known = app.bunting.sourceBook.get('prom');
    if (known === undefined) throw new Error('there is no source');
    return app.bunting.bindings.take(known, sent);
  };
  const killed = () => app.bunting.kills.inForce().map(({ flag }) => flag);
  return { ...server, clock, alert, take, killed };
}

test('an alert kills the flag that it names, once, however often it is delivered', async () => {
  const { take, alert, killed, clock, call } = await start();
  const fires = alert();
  const taken = await Promise.all(Array.from({ length: 100 }, () => take(fires)));
  const outcomes = taken.flat().flatMap((each) => each.outcomes);
  expect(outcomes).toMatchObject([{ result: 'acted', target: { flag: 'a' }, killEpoch: 1 }]);
  expect(killed()).toEqual(['a']);
  clock.ms += MINUTE_MS;
  await call('POST', '/projects/default/flags/a/environments/production/rearm', { reason: 'fixed' });
  clock.ms += MINUTE_MS;
  expect(await take(fires)).toMatchObject([{ matched: true, outcomes: [], note: 'It has acted on this episode.' }]);
  expect(killed()).toEqual([]);
  // The same thing goes wrong once more.
  expect(await take(alert())).toMatchObject([{ outcomes: [{ result: 'acted', killEpoch: 3 }] }]);
});

test.each([
  [[{ label: 'severity', equals: 'page' }], true, ''],
  [[{ label: 'severity', in: ['page', 'ticket'] }], true, ''],
  [[{ label: 'severity', matches: '^pa' }], true, ''],
  [[{ label: 'severity', present: true }], true, ''],
  [[{ label: 'severity', equals: 'PAGE' }], false, 'its label "severity" is "page", not "PAGE"'],
  [[{ label: 'severity', in: ['ticket'] }], false, 'its label "severity" is "page", not one of "ticket"'],
  [[{ label: 'severity', matches: '^ag' }], false, 'its label "severity" is "page", not like ^ag'],
  [[{ label: 'team', present: true }], false, 'it has no label "team"'],
  [[{ label: 'constructor', present: true }], false, 'it has no label "constructor"'],
  [
    [
      { label: 'flag', equals: 'a' },
      { label: 'severity', equals: 'ticket' },
    ],
    false,
    'is "page", not "ticket"',
  ],
])('%j of a page: %s %s', async (match, matched, why) => {
  const { take, alert, killed } = await start({ match });
  const [taken] = await take(alert());
  expect([taken?.matched, killed()]).toEqual([matched, matched ? ['a'] : []]);
  expect(taken?.note ?? '').toContain(why);
});

test('flags are meant by key, by tag or by a label, also after they were renamed or got the tag', async () => {
  const { take, alert, killed, call } = await start({
    targets: { flags: { tag: 'shop' }, environments: { label: 'env' } },
  });
  await call('PATCH', '/projects/default/flags/a', { tags: ['shop'] });
  await call('PATCH', '/projects/default/flags/c', { tags: [] });
  expect(await take(alert())).toMatchObject([{ note: 'It has no label "env", which names the environment.' }]);
  await take(alert({ env: 'production' }));
  expect(killed()).toEqual(['a', 'b']);
  const targets = { flags: { keys: ['c'] }, environments: { keys: ['production'] } };
  await call('POST', BINDINGS, { ...BINDING, key: 'of-c', targets, match: [{ label: 'of', equals: 'c' }] });
  await call('PATCH', '/projects/default/flags/c', { key: 'present' });
  await take(alert({ of: 'c' }));
  expect(killed()).toEqual(['a', 'b', 'present']);
});

test('what began before the binding was armed, or too long ago, or says nothing, does not act', async () => {
  const { take, alert, killed, clock, call } = await start();
  const early = alert({}, { startsAtMs: START_MS - 1 });
  expect((await take(early))[0]?.note).toContain('before the binding was armed at 2030-01-01T00:00:00.000Z');
  const fires = alert();
  clock.ms += 16 * MINUTE_MS;
  expect((await take(fires))[0]?.note).toContain('more than 900 s ago');
  expect((await take(alert({}, { status: 'unknown' })))[0]?.note).toContain('It says neither');
  // Whoever changes what it means does not act on what fires already; a new name changes nothing.
  const present = alert();
  clock.ms += SECOND_MS;
  await call('PATCH', `${BINDINGS}/errors`, { name: 'Errors', maxKillsPerHour: 5 });
  expect((await call('GET', `${BINDINGS}/errors`)).body.armedAt).toBe('2030-01-01T00:00:00.000Z');
  await call('PATCH', `${BINDINGS}/errors`, { match: [{ label: 'severity', present: true }] });
  expect((await take(present))[0]?.note).toContain('before the binding was armed');
  expect(killed()).toEqual([]);
});

test('a label and the source only lower what is done', async () => {
  const { take, alert, killed, call } = await start();
  expect(await take(alert({ action: 'notify' }))).toMatchObject([
    { outcomes: [{ action: 'notify', result: 'acted' }], note: 'Lowered from kill to notify by its label "action".' },
  ]);
  expect((await take(alert({ action: 'rollback' })))[0]?.note).toBe(
    'Lowered from kill to abort by its label "action".',
  );
  await call('PATCH', '/signal-sources/prom', { allow: { action: 'notify' } });
  expect((await take(alert({ n: '1' })))[0]?.outcomes).toMatchObject([{ action: 'notify' }]);
  expect(killed()).toEqual([]);
  await call('PATCH', '/signal-sources/prom', { allow: { action: 'kill' } });
  await call('PATCH', `${BINDINGS}/errors`, { action: 'notify' });
  expect(await take(alert({ action: 'kill' }, { startsAtMs: START_MS + MINUTE_MS }))).toMatchObject([
    { outcomes: [{ action: 'notify' }] },
  ]);
  expect(killed()).toEqual([]);
});

test.each([
  [{ flags: ['b'] }, 'flag "a"'],
  [{ tags: ['shop'] }, 'flag "a"'],
  [{ environments: ['development'] }, 'environment "production"'],
  [{ projects: ['another'] }, 'project "default"'],
])('what a source may not touch (%j) is refused, and told', async (allow, what) => {
  const { take, alert, killed, call, app } = await start({}, { allow: { action: 'kill', ...allow } });
  expect(await take(alert())).toMatchObject([
    { outcomes: [{ result: 'not_allowed', reason: expect.stringContaining(`may not touch ${what}`) }] },
  ]);
  expect(killed()).toEqual([]);
  await app.bunting.outcomeLog.settle();
  const { items } = (await call('GET', '/projects/default/interventions?result=not_allowed')).body;
  expect(items).toMatchObject([{ flag: 'a', action: 'kill', cause: { name: 'Errors of a flag' } }]);
});

test.each([
  [{ mode: 'dry_run' }, {}],
  [{}, { mode: 'dry_run' }],
])('a dry run (binding %j, source %j) kills nothing and is listed', async (binding, source) => {
  const { take, alert, killed, call, app } = await start(binding, source);
  await take(alert());
  expect(killed()).toEqual([]);
  await app.bunting.outcomeLog.settle();
  const { items } = (await call('GET', '/projects/default/interventions?flag=a&environment=production')).body;
  expect(items).toEqual([
    {
      id: expect.any(String),
      at: '2030-01-01T00:00:01.000Z',
      by: { kind: 'signal', id: expect.any(String), name: 'Prometheus' },
      ...{ environment: 'production', flag: 'a', action: 'kill', mode: 'dry_run', result: 'would_have' },
      reason: 'Would have killed it at 2030-01-01T00:00:01.000Z: errors at 12 %',
      cause: expect.objectContaining({ kind: 'signal', summary: 'errors at 12 %', detectedAt: expect.any(String) }),
    },
  ]);
});

test('a pause holds the ramp, and the end of its alert lets it go on; a kill outlasts it', async () => {
  const { take, alert, killed, call, clock } = await start({ action: 'pause' });
  const place = '/projects/default/flags/a/environments/production';
  const weights = (on: number) => [
    { variant: 'on', weightPer100k: on },
    { variant: 'off', weightPer100k: 100_000 - on },
  ];
  const steps = [{ atMs: START_MS + 60 * MINUTE_MS, weights: weights(100_000) }];
  const edits = [{ kind: 'enable' }, { kind: 'setRollout', weights: weights(1_000) }, { kind: 'setSchedule', steps }];
  expect((await call('POST', `${place}/edits`, { edits })).status).toBe(200);
  const fires = alert();
  expect(await take(fires)).toMatchObject([{ outcomes: [{ action: 'pause', result: 'acted' }] }]);
  const ramps = async () => (await call('GET', '/projects/default/environments/production/ramps')).body.items;
  expect(await ramps()).toMatchObject([{ held: { causes: [{ reason: 'errors at 12 %' }] } }]);
  clock.ms += MINUTE_MS;
  expect(await take({ ...fires, status: 'resolved' })).toMatchObject([{ outcomes: [{ result: 'lifted' }] }]);
  expect(await ramps()).toMatchObject([{ held: null }]);
  await call('PATCH', `${BINDINGS}/errors`, { action: 'kill' });
  clock.ms += MINUTE_MS;
  const worse = alert();
  await take(worse);
  expect(await take({ ...worse, status: 'resolved' })).toMatchObject([{ outcomes: [], matched: true }]);
  expect(killed()).toEqual(['a']);
});

test('what a kill may have caused waits, and is killed if it lasts', async () => {
  const { take, alert, killed, clock } = await start({ coolDownSeconds: 1 });
  await take(alert());
  clock.ms += 500;
  const [taken] = await take(alert({ flag: 'b' }));
  expect(taken?.outcomes).toMatchObject([{ result: 'cooling_down' }]);
  const passing = alert({ flag: 'c' });
  await take(passing);
  await take({ ...passing, status: 'resolved' });
  expect(killed()).toEqual(['a']);
  clock.ms += 600;
  await expect.poll(killed, { timeout: 5_000 }).toEqual(['a', 'b']);
});

test('beyond what a source may kill in an hour, it pauses', async () => {
  const { take, alert, killed } = await start({ maxKillsPerHour: 1 });
  await take(alert());
  expect(await take(alert({ flag: 'b' }))).toMatchObject([
    {
      outcomes: [
        { action: 'kill', result: 'rate_limited' },
        { action: 'pause', result: 'already' },
      ],
    },
  ]);
  expect(killed()).toEqual(['a']);
});

test('what is paused in place of a kill goes on, too, when its alert is resolved', async () => {
  const { take, alert, call, clock } = await start({ maxKillsPerHour: 1 });
  const schedule = [{ kind: 'setSchedule', steps: [{ atMs: START_MS + 60 * MINUTE_MS, weights: [ON] }] }];
  await call('POST', '/projects/default/flags/b/environments/production/edits', { edits: [ROLLOUT, ...schedule] });
  await take(alert());
  clock.ms += SECOND_MS;
  const fires = alert({ flag: 'b' });
  expect((await take(fires))[0]?.outcomes).toMatchObject([{ result: 'rate_limited' }, { result: 'acted' }]);
  expect((await take({ ...fires, status: 'resolved' }))[0]?.outcomes).toMatchObject([{ result: 'lifted' }]);
});

test('a sample shows what bindings would make of it, and does nothing', async () => {
  const { call, killed } = await start();
  const sample = (labels: object, more: object = {}) =>
    call('POST', `${BINDINGS}/test`, { source: 'prom', labels, ...more });
  expect((await sample({ severity: 'page', flag: 'a' })).body.items).toEqual([
    {
      ...{ binding: 'errors', matched: true, note: '', action: 'kill', mode: 'armed' },
      targets: [{ environment: 'production', flag: 'a', result: 'acted', reason: 'An alert of prom fires' }],
    },
  ]);
  expect((await sample({ severity: 'ticket' })).body.items).toMatchObject([{ matched: false, targets: [] }]);
  const early = await sample({ severity: 'page', flag: 'a' }, { startsAt: '2029-12-31T23:59:00Z' });
  expect(early.body.items[0].note).toContain('before the binding was armed');
  expect((await call('POST', `${BINDINGS}/test`, { source: 'nothing', labels: {} })).status).toBe(404);
  expect(killed()).toEqual([]);
});

test('bindings are listed, changed by who has seen them, audited, and removed', async () => {
  const { call, app, take, alert } = await start();
  expect((await call('POST', BINDINGS, BINDING)).status).toBe(409);
  await call('POST', BINDINGS, { ...BINDING, key: 'a-second', name: undefined, mode: undefined });
  const first = (await call('GET', `${BINDINGS}?limit=1`)).body;
  expect(first.items).toMatchObject([{ key: 'a-second', name: 'a-second', mode: 'dry_run', maxAgeSeconds: 900 }]);
  expect((await call('GET', `${BINDINGS}?cursor=${first.nextCursor}`)).body.items).toMatchObject([{ key: 'errors' }]);
  expect((await call('PATCH', `${BINDINGS}/errors`, { name: 'x' }, { 'if-match': '"7"' })).status).toBe(412);
  expect((await call('PATCH', `${BINDINGS}/errors`, { name: 'x' }, { 'if-match': '"1"' })).body.version).toBe(2);
  expect((await call('DELETE', `${BINDINGS}/errors`)).status).toBe(204);
  expect(app.bunting.bindingBook.of({ key: 'prom' }).map(({ key }) => key)).toEqual(['a-second']);
  expect((await take(alert())).map(({ binding }) => binding)).toEqual(['a-second']);
  const { items } = (await call('GET', '/audit?targetKind=binding')).body;
  expect(items.map(({ action }: { action: string }) => action)).toEqual([
    ...['binding.deleted', 'binding.updated', 'binding.created', 'binding.created'],
  ]);
});

test.each([
  [{ match: [] }, /match/],
  [{ match: [{ label: 'a', matches: '(' }] }, /match\.0\.matches: is no regular expression of RE2 syntax/],
  [{ match: [{ label: 'a', matches: '(?:ab){1000}' }] }, /too large a pattern/],
  [{ match: [{ label: 'a', equals: 'b', in: ['c'] }] }, /match/],
  [{ action: 'rollback' }, /action/],
  [{ targets: { flags: { keys: [] }, environments: { keys: ['production'] } } }, /targets/],
  [{ maxAgeSeconds: 1 }, /maxAgeSeconds/],
])('%j is refused with the fix', async (wrong, message) => {
  const { call } = await start();
  const answer = await call('POST', BINDINGS, { ...BINDING, key: 'wrong', ...wrong });
  expect([answer.status, answer.body.message]).toEqual([400, expect.stringMatching(message)]);
});

test('nobody lets alerts do what they may not do themselves', async () => {
  const server = await start();
  const role = { name: 'Guards', permissions: ['project:read', 'signal:read', 'safeguard:write'] };
  await server.call('PUT', '/roles/guards', role);
  const { headers } = await startProgram(server, 'guards', { project: 'default' });
  const create = (action: string) => server.call('POST', BINDINGS, { ...BINDING, key: action, action }, headers);
  expect((await create('kill')).body.message).toContain('kill:engage');
  expect((await create('pause')).body.message).toContain('targeting:write');
  expect((await create('abort')).body.message).toContain('release:write');
  expect((await create('notify')).status).toBe(201);
});

onSqlite('without a database alerts kill all the same; what had acted is known after a restart', async () => {
  const { app, call, take, alert, killed, dataDir, clock } = await start();
  const fires = alert();
  const { database } = app.bunting;
  await take(fires);
  await call('POST', '/projects/default/flags/a/environments/production/rearm', { reason: 'fixed' });
  const readOnly = (value: string) =>
    database.executeQuery({ sql: `pragma query_only = ${value}`, parameters: [] } as never);
  await readOnly('on');
  void take(alert({ flag: 'b' }));
  await expect.poll(killed, { interval: 5 }).toEqual(['b']);
  await readOnly('off');
  await app.close();
  const again = await startApp({ dataDir, now: () => clock.ms });
  const { bindings, sourceBook } = again.app.bunting;
  const source = sourceBook.get('prom');
  if (source === undefined) throw new Error('there is no source');
  expect(await bindings.take(source, fires)).toMatchObject([{ outcomes: [], note: 'It has acted on this episode.' }]);
});

test("a project's own source says nothing to bindings of another project, whatever they name", async () => {
  const { take, alert, killed, call, app } = await start({}, { project: 'default' });
  await call('POST', '/projects', { key: 'other', name: 'Other' });
  const made = await call('POST', '/projects/other/bindings', { ...BINDING, key: 'spy', action: 'notify' });
  expect(made.status).toBe(201);
  const page = alert();
  const known = app.bunting.sourceBook.get('prom');
  expect(known && app.bunting.bindings.foresee(known, page)).toMatchObject([{ project: 'default' }]);
  expect(await take(page)).toMatchObject([{ project: 'default', outcomes: [{ result: 'acted' }] }]);
  expect(killed()).toEqual(['a']);
  expect((await call('GET', '/projects/other/interventions')).body.items).toEqual([]);
});

test('an alert that claims to begin in the future was found when it came: who re-armed after that is not overruled', async () => {
  const { take, alert, killed, clock, call } = await start({ coolDownSeconds: 60 });
  const at = '/projects/default/flags';
  await call('POST', `${at}/b/environments/production/kill`, { reason: 'by hand' });
  clock.ms += SECOND_MS;
  await call('POST', `${at}/a/environments/production/kill`, { reason: 'by hand' });
  const early = alert({}, { startsAtMs: clock.ms + 60 * MINUTE_MS });
  clock.ms += SECOND_MS;
  await call('POST', `${at}/a/environments/production/rearm`, { reason: 'fixed' });
  expect(await take(early)).toMatchObject([{ outcomes: [{ result: 'already' }] }]);
  expect(killed()).toEqual(['b']);
});

onSqlite('alerts that pause leave the thread to others in between, however many come at once', async () => {
  const { take, alert } = await start({ action: 'pause' });
  let turns = 0;
  const timer = setInterval(() => {
    turns += 1;
  }, 1);
  await Promise.all(Array.from({ length: 100 }, (_, at) => take(alert({ at: String(at) }))));
  clearInterval(timer);
  expect(turns).toBeGreaterThan(20);
});

const ENDS_LATER = { kind: 'setSchedule', steps: [{ atMs: START_MS + 60 * MINUTE_MS, weights: [ON] }] };

// Of a kill that is one too many, a pause takes the place.
for (const action of ['pause', 'kill']) {
  onSqlite(
    `a flood of 10 000 alerts is bounded work, and what each is to stop is stopped: ${action}`,
    async () => {
      const { take, alert, call, app, clock } = await start({ action, maxKillsPerHour: 1 });
      const placeOf = (flag: string) => `/projects/default/flags/${flag}/environments/production`;
      for (const flag of ['b', 'c']) await call('POST', `${placeOf(flag)}/edits`, { edits: [ROLLOUT, ENDS_LATER] });
      if (action === 'kill') await take(alert());
      clock.ms += SECOND_MS;
      const flood = Array.from({ length: 10_000 }, (_, at) => alert({ flag: 'b', at: String(at) }));
      // One that means another flag, when there is no turn left.
      flood.splice(9_000, 0, alert({ flag: 'c' }));
      const known = app.bunting.sourceBook.get('prom');
      if (known === undefined) throw new Error('there is no source');
      const taken = (await Promise.all(flood.map((each) => app.bunting.bindings.take(known, each)))).flat();

      const { items } = (await call('GET', '/projects/default/environments/production/ramps')).body;
      expect(items).toMatchObject([
        { flag: 'b', held: {} },
        { flag: 'c', held: {} },
      ]);
      const acted = taken.filter(({ outcomes }) => outcomes.some(({ result }) => result === 'acted'));
      expect(acted.length).toBeGreaterThan(1);
      expect(acted.length).toBeLessThan(1_100);
      expect(taken.filter(({ note }) => note.startsWith('It came with very many others')).length).toBeGreaterThan(
        8_900,
      );
    },
    60_000,
  );
}

test('what cannot be forgotten yet lets no second server act on one episode', async () => {
  const { app, clock } = await start();
  const { database } = app.bunting;
  const { id } = await database.selectFrom('bindings').select('id').executeTakeFirstOrThrow();
  const open = (over: typeof database) => new Acted({ database: over, log: app.log, now: () => clock.ms });
  expect(await open(database).claim(id, 'episode')).toBe(true);
  const failing = {
    insertInto: database.insertInto.bind(database),
    deleteFrom: () => {
      throw new Error('it takes too long');
    },
  } as unknown as typeof database;
  expect(await open(failing).claim(id, 'episode')).toBe(false);
});
