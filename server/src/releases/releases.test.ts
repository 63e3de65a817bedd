import { expect, onTestFinished, test, vi } from 'vitest';
import { SYSTEM } from '../audit/actor.ts';
import { startPerson } from '../testing/people.ts';
import { newFolder, startApp, type TestServer } from '../testing/start-app.ts';
import { ReleaseLeases } from './leases.ts';

const FLAGS = '/projects/default/flags';
const PRODUCTION = '/projects/default/environments/production';
const RELEASES = '/projects/default/releases';
const T0 = Date.parse('2026-05-04T00:00:00Z');
const MINUTE_MS = 60_000;
const checkout = {
  title: 'New checkout',
  environment: 'production',
  strategy: 'flag_only',
  flags: [{ flag: 'checkout', candidate: 'on', baseline: 'off' }],
  stages: [
    { flagsPer100k: 10_000, soakSeconds: 60 },
    { flagsPer100k: 100_000, soakSeconds: 60 },
  ],
  bakeSeconds: 60,
};

/** A server whose clock goes as it is told, with a flag that is on and serves `off`. */
async function start(clock = { nowMs: T0 }, dataDir = newFolder()) {
  const server = await startApp({ now: () => clock.nowMs, dataDir });
  const { app, call } = server;
  const create = async (more = {}) => (await call('POST', RELEASES, { ...checkout, ...more })).body;
  const command = (id: string, body: object) => call('POST', `${RELEASES}/${id}/commands`, body);
  const pass = (ms: number) => {
    clock.nowMs += ms;
    return app.bunting.releaseEngine.look();
  };
  const phaseOf = async (id: string) => (await call('GET', `${RELEASES}/${id}`)).body.phase;
  const shareOf = async (id: string) => (await call('GET', `${RELEASES}/${id}`)).body.flags[0].weightPer100k;
  return { ...server, clock, dataDir, create, command, pass, phaseOf, shareOf };
}

async function startWithFlag() {
  const server = await start();
  await makeFlag(server);
  return server;
}

async function makeFlag({ call }: Pick<TestServer, 'call'>, key = 'checkout') {
  await call('POST', FLAGS, { key, type: 'boolean' });
  const off = { enabled: true, defaultRule: { variant: 'off' } };
  expect((await call('PATCH', `${FLAGS}/${key}/environments/production`, off)).status).toBe(200);
}

test('a release takes a flag from its baseline to everyone, and says what it decided', async () => {
  const { call, create, command, pass, phaseOf, shareOf, app } = await startWithFlag();
  const { id, phase } = await create();
  expect(phase).toBe('draft');
  const started = await command(id, { command: 'start' });
  expect(started.body).toMatchObject({
    phase: 'progressing',
    stage: 0,
    flags: [{ flag: 'checkout', weightPer100k: 10_000 }],
    waiting: ['It is watched for 60 s more.'],
  });
  await pass(MINUTE_MS);
  expect(await shareOf(id)).toBe(100_000);
  await pass(MINUTE_MS);
  expect(await phaseOf(id)).toBe('baking');
  await pass(MINUTE_MS);
  expect(await phaseOf(id)).toBe('succeeded');
  const { body } = await call('GET', `${RELEASES}/${id}/decisions?limit=200`);
  expect(body.items.map(({ decision }: { decision: string }) => decision).toReversed()).toEqual([
    'Started.',
    'Everything is as it must be: the first stage begins.',
    'Set to 10 %.',
    '10 % is served.',
    'Stage 1 is done: on to stage 2.',
    'Set to 100 %.',
    '100 % is served.',
    'The last stage is done.',
    'Everyone has it: baking begins.',
    'Nothing spoke against it: the release has succeeded.',
  ]);
  expect(body.items[0]).toMatchObject({ by: { kind: 'system', name: 'Release "New checkout"' }, phase: 'succeeded' });
  const flag = app.bunting.rulesets.named('default', 'production')?.item('flag', 'checkout');
  expect(flag?.json).toContain('"to":100000');
});

test('time in which no server looked after it does not count as watched', async () => {
  const { app, call, create, command, pass, shareOf } = await startWithFlag();
  const { id } = await create();
  await command(id, { command: 'start' });
  await pass(50_000);
  // As if the database had been away for 20 s.
  await app.bunting.database
    .updateTable('release_leases')
    .set((set) => ({ until: set('until', '-', 20_000) }))
    .execute();
  await pass(15_000);
  expect(await shareOf(id)).toBe(10_000);
  const { items } = (await call('GET', `${RELEASES}/${id}/decisions`)).body;
  expect(items[0].decision).toMatch(/^No server looked after it for 2\d s: that does not count as watched\.$/);
  await pass(19_000);
  expect(await shareOf(id)).toBe(100_000);
});

test('a kill sends it back to baseline, and does not end with it', async () => {
  const { call, create, command, pass, phaseOf, shareOf } = await startWithFlag();
  const { id } = await create();
  await command(id, { command: 'start' });
  await call('POST', `${FLAGS}/checkout/environments/production/kill`, { reason: 'errors' });
  await pass(0);
  expect([await phaseOf(id), await shareOf(id)]).toEqual(['aborted', 0]);
  expect((await call('GET', `${PRODUCTION}/kills`)).body.items).toMatchObject([{ flag: 'checkout', engaged: true }]);
});

test('an abort is open in every phase, and done twice it changes nothing', async () => {
  const { create, command, shareOf } = await startWithFlag();
  const { id } = await create();
  await command(id, { command: 'start' });
  const first = await command(id, { command: 'abort', reason: 'enough' });
  expect([first.body.phase, await shareOf(id)]).toEqual(['aborted', 0]);
  const second = await command(id, { command: 'abort', reason: 'enough' });
  expect([second.status, second.body.version]).toEqual([200, first.body.version]);
  const draft = await create();
  expect((await command(draft.id, { command: 'abort', reason: 'never' })).body.phase).toBe('cancelled');
});

test('a flag is in one release at a time; whoever ends lets it go', async () => {
  const { create, command } = await startWithFlag();
  const [a, b] = [await create(), await create({ title: 'Again' })];
  await command(a.id, { command: 'start' });
  const refused = await command(b.id, { command: 'start' });
  expect([refused.status, refused.body.message]).toEqual([
    409,
    'Flag "checkout" is in another release that is under way, "New checkout": wait for its end, abort it, or supersede it.',
  ]);
  await command(a.id, { command: 'abort', reason: 'b first' });
  expect((await command(b.id, { command: 'start' })).body.phase).toBe('progressing');
});

test('what a release under way needs is not taken from under it; a kill always goes', async () => {
  const { call, create, command } = await startWithFlag();
  const { id } = await create();
  expect((await call('POST', `${FLAGS}/checkout/archive`)).status).toBe(200);
  await call('POST', `${FLAGS}/checkout/restore`);
  await command(id, { command: 'start' });
  const archived = await call('POST', `${FLAGS}/checkout/archive`);
  expect([archived.status, archived.body.message]).toEqual([
    409,
    `Flag "checkout" is in release "New checkout" (${id}), which is under way in production: wait for its end, or abort it, ` +
      'then archive the flag. To take it from everyone at once, kill it.',
  ]);
  const environment = await call('DELETE', `${PRODUCTION}?confirm=production`);
  expect([environment.status, environment.body.message]).toEqual([
    409,
    `Release "New checkout" (${id}) is under way in "production": wait for its end, or abort it first.`,
  ]);
  await call('POST', `${FLAGS}/checkout/environments/production/kill`, { reason: 'errors' });
  await expect.poll(async () => (await call('GET', `${RELEASES}/${id}`)).body.phase).toBe('aborted');
  expect((await call('POST', `${FLAGS}/checkout/archive`)).status).toBe(200);
});

test('a variant that a release leads to, or back to, stays until it has ended', async () => {
  const { call, create, command } = await start();
  const variants = ['old', 'new', 'other'].map((name) => ({ name, value: name }));
  await call('POST', FLAGS, { key: 'layout', type: 'string', variants });
  const old = { enabled: true, defaultRule: { variant: 'old' }, offVariant: 'other' };
  await call('PATCH', `${FLAGS}/layout/environments/production`, old);
  const stages = [{ flagsPer100k: 100_000, soakSeconds: 60 }];
  const { id } = await create({ flags: [{ flag: 'layout', candidate: 'new', baseline: 'old' }], stages });
  await command(id, { command: 'start' });
  const kept = variants.filter(({ name }) => name !== 'old');
  const removed = await call('PATCH', `${FLAGS}/layout`, { variants: kept });
  expect([removed.status, removed.body.code]).toEqual([409, 'variant_in_use']);
  expect(removed.body.details).toContainEqual({
    path: `releases.${id}`,
    message: '"New checkout" in production moves people between it and another',
  });
});

test('of a flag that is off, or killed, nobody has the candidate, whatever its weights say', async () => {
  const { call, create, shareOf } = await startWithFlag();
  const on = { enabled: true, defaultRule: { variant: 'on' } };
  await call('PATCH', `${FLAGS}/checkout/environments/production`, on);
  const { id } = await create();
  expect(await shareOf(id)).toBe(100_000);
  await call('PATCH', `${FLAGS}/checkout/environments/production`, { enabled: false });
  expect(await shareOf(id)).toBe(0);
  await call('PATCH', `${FLAGS}/checkout/environments/production`, { enabled: true });
  await call('POST', `${FLAGS}/checkout/environments/production/kill`, { reason: 'errors' });
  expect(await shareOf(id)).toBe(0);
});

test('what cannot begin has failed, with what to do', async () => {
  const { call, create, command } = await startWithFlag();
  await call('PATCH', `${FLAGS}/checkout/environments/production`, { enabled: false });
  const { id } = await create();
  expect((await command(id, { command: 'start' })).body.phase).toBe('failed');
  const [last] = (await call('GET', `${RELEASES}/${id}/decisions`)).body.items;
  expect(last.decision).toContain('turn it on first');
  await call('PATCH', `${FLAGS}/checkout/environments/production`, { enabled: true });
  expect((await command(id, { command: 'retry' })).body).toMatchObject({ phase: 'progressing', attempt: 2 });
});

test('a change by someone else pauses it, and a resume takes over', async () => {
  const { call, create, command, pass, shareOf } = await startWithFlag();
  const { id } = await create();
  await command(id, { command: 'start' });
  const edits = [
    {
      kind: 'setRollout',
      weights: [
        { variant: 'on', weightPer100k: 70_000 },
        { variant: 'off', weightPer100k: 30_000 },
      ],
    },
  ];
  expect((await call('POST', `${FLAGS}/checkout/environments/production/edits`, { edits })).status).toBe(200);
  await pass(10 * MINUTE_MS);
  expect((await call('GET', `${RELEASES}/${id}`)).body).toMatchObject({
    pauses: [{ cause: 'drift' }],
    waiting: [expect.stringContaining('was set to 70 % by someone else')],
  });
  await command(id, { command: 'resume' });
  expect(await shareOf(id)).toBe(10_000);
});

test('releases are found by their titles, and told apart by whether they are under way', async () => {
  const { call, create, command } = await startWithFlag();
  const titles = async (query: string) =>
    (await call('GET', `${RELEASES}?${query}`)).body.items.map(({ title }: { title: string }) => title);
  const { id } = await create({ title: 'Runs' });
  await create({ title: 'Draft at 100 %' });
  const { id: later } = await create({ title: 'Waits' });
  await command(id, { command: 'start' });
  await command(later, { command: 'schedule', at: new Date(T0 + MINUTE_MS).toISOString() });
  expect(await titles('underWay=true')).toEqual(['Waits', 'Runs']);
  expect(await titles('underWay=false')).toEqual(['Draft at 100 %']);
  expect(await titles('search=dRAFT')).toEqual(['Draft at 100 %']);
  expect(await titles(`search=${encodeURIComponent('100 %')}`)).toEqual(['Draft at 100 %']);
  expect(await titles(`search=${encodeURIComponent('%w_')}`)).toEqual([]);
});

test('a freeze lets nothing grow, and lets everything go back', async () => {
  const { call, create, command, pass, shareOf, clock } = await startWithFlag();
  const { id } = await create();
  await command(id, { command: 'start' });
  const [from, to] = [clock.nowMs, clock.nowMs + 24 * 60 * MINUTE_MS].map((ms) => new Date(ms).toISOString());
  expect((await call('POST', `${PRODUCTION}/freezes`, { name: 'Sale', from, to })).status).toBe(201);
  await pass(10 * MINUTE_MS);
  const { body } = await call('GET', `${RELEASES}/${id}`);
  expect([body.stage, body.waiting]).toEqual([0, [expect.stringContaining('is frozen until')]]);
  await command(id, { command: 'abort', reason: 'enough' });
  expect(await shareOf(id)).toBe(0);
});

test('while the line is stopped nothing grows, and everything may go back', async () => {
  const { call, create, command, pass, shareOf } = await startWithFlag();
  const { id } = await create();
  await command(id, { command: 'start' });
  await call('POST', '/projects/default/stop-the-line', { reason: 'fire' });
  await pass(10 * MINUTE_MS);
  const { body } = await call('GET', `${RELEASES}/${id}`);
  expect([body.stage, body.waiting]).toEqual([0, [expect.stringContaining('line is stopped')]]);
  await command(id, { command: 'abort', reason: 'enough' });
  expect(await shareOf(id)).toBe(0);
});

test('one that is scheduled starts at its time', async () => {
  const { create, command, pass, phaseOf } = await startWithFlag();
  const { id } = await create();
  const at = new Date(T0 + MINUTE_MS).toISOString();
  expect((await command(id, { command: 'schedule', at })).body).toMatchObject({ phase: 'scheduled', startsAt: at });
  await pass(MINUTE_MS - 1);
  expect(await phaseOf(id)).toBe('scheduled');
  await pass(1);
  expect(await phaseOf(id)).toBe('progressing');
});

test('where approval is wanted the release wants it, of others than who made it', async () => {
  const server = await startWithFlag();
  const { call, create, command } = server;
  await call('PATCH', PRODUCTION, { requiredApprovals: 1 });
  const { id } = await create();
  expect((await command(id, { command: 'start' })).body.code).toBe('approval_required');
  const { browser: approver } = await startPerson(server, 'approver');
  const approved = await approver.call('POST', `${RELEASES}/${id}/approve`);
  expect([approved.status, approved.body.approvedBy?.length]).toEqual([200, 1]);
  expect((await approver.call('POST', `${RELEASES}/${id}/commands`, { command: 'start' })).status).toBe(403);
  expect((await command(id, { command: 'start' })).body.phase).toBe('progressing');
});

test.each([
  [{ flags: [{ flag: 'nope', candidate: 'on', baseline: 'off' }] }, 'flags[0].flag: there is no flag "nope"'],
  [{ flags: [{ flag: 'checkout', candidate: 'maybe', baseline: 'off' }] }, 'it has on, off'],
  [{ flags: [{ flag: 'checkout', candidate: 'on', baseline: 'on' }] }, 'another variant than the candidate'],
  [{ flags: [{ flag: 'checkout', candidate: 'on', baseline: 'off', rule: 'r' }] }, 'has no rule "r" in production'],
  [{ stages: [{ flagsPer100k: 50_000, soakSeconds: 1 }] }, 'must be 100000'],
  [
    {
      stages: [
        { flagsPer100k: 50_000, soakSeconds: 1 },
        { flagsPer100k: 50_000, soakSeconds: 1 },
      ],
    },
    'does what the stage before does',
  ],
  [{ stages: [{ flagsPer100k: 100_000, soakSeconds: 60, maxSeconds: 30 }] }, 'must be at least soakSeconds'],
  [{ stages: [{ flagsPer100k: 100_000, soakSeconds: 60, onLate: 'abort' }] }, 'needs maxSeconds'],
])('what cannot work is refused with its place and the fix: %j', async (more, message) => {
  const { call } = await startWithFlag();
  const { status, body } = await call('POST', RELEASES, { ...checkout, ...more });
  expect([status, JSON.stringify(body)]).toEqual([400, expect.stringContaining(message.replaceAll('"', '\\"'))]);
});

test('a release that is under way is found again after a restart, and goes on by one stage', async () => {
  const server = await startWithFlag();
  const { create, command, app, clock, dataDir } = server;
  const { id } = await create();
  await command(id, { command: 'start' });
  await app.close();
  clock.nowMs += 24 * 60 * MINUTE_MS;
  const again = await start(clock, dataDir);
  await again.pass(0);
  expect([await again.phaseOf(id), await again.shareOf(id)]).toEqual(['progressing', 100_000]);
});

test('what watches a flag holds the release that the flag is in, for each of its causes', async () => {
  const { app, call, create, command, pass, shareOf } = await startWithFlag();
  const { id } = await create();
  await command(id, { command: 'start' });
  const { releases } = app.bunting;
  const place = { project: 'default', environment: 'production', flag: 'checkout' };
  const alert = { id: 'signal:1', cause: 'signal', by: 'Alertmanager', reason: 'errors at 12 %' } as const;
  const guard = { id: 'safeguard:1', cause: 'safeguard', by: 'errors', reason: 'errors at 12 %' } as const;
  expect(await releases.hold(SYSTEM, place, alert)).toBe(true);
  expect(await releases.hold(SYSTEM, place, guard)).toBe(true);
  await pass(10 * MINUTE_MS);
  expect(await shareOf(id)).toBe(10_000);
  expect(await releases.lift(SYSTEM, place, alert.id)).toBe(true);
  await pass(10 * MINUTE_MS);
  expect((await call('GET', `${RELEASES}/${id}`)).body.pauses).toMatchObject([{ by: 'errors' }]);
  expect(await releases.lift(SYSTEM, place, guard.id)).toBe(true);
  await pass(0);
  expect((await call('GET', `${RELEASES}/${id}`)).body.waiting).toEqual(['It is watched for 60 s more.']);
  expect(await releases.hold(SYSTEM, { ...place, flag: 'other' }, alert)).toBe(false);
});

test('what was done is not said to have failed because nobody could look after it at once', async () => {
  const { app, create, command, pass, shareOf } = await startWithFlag();
  const { id } = await create();
  const lose = () => vi.spyOn(ReleaseLeases.prototype, 'claim').mockRejectedValue(new Error('the database is away'));
  onTestFinished(() => void vi.restoreAllMocks());
  const lost = lose();
  expect(await command(id, { command: 'start' })).toMatchObject({ status: 200, body: { phase: 'preflight' } });
  lost.mockRestore();
  await pass(0);
  expect(await shareOf(id)).toBe(10_000);
  lose();
  const place = { project: 'default', environment: 'production', flag: 'checkout' };
  expect(await app.bunting.releases.abort(SYSTEM, place, 'errors')).toBe(true);
});
