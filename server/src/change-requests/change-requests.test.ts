import { expect, test } from 'vitest';
import { SYSTEM } from '../audit/actor.ts';
import { type Person, startPerson } from '../testing/people.ts';
import { startProgram } from '../testing/programs.ts';
import { startApp } from '../testing/start-app.ts';

const FLAGS = '/projects/default/flags';
const PRODUCTION = '/projects/default/environments/production';
const REQUESTS = '/projects/default/change-requests';
const why = (comment: string) => ({ 'bunting-comment': encodeURIComponent(comment) });
const weights = (on: number) => [
  { variant: 'on', weightPer100k: on },
  { variant: 'off', weightPer100k: 100_000 - on },
];

/** A project with flags `a` and `b`, and a production environment that wants approvals. */
async function start(requiredApprovals = 1, options = {}) {
  const server = await startApp(options);
  const { app, call } = server;
  for (const key of ['a', 'b']) await call('POST', FLAGS, { key, type: 'boolean' });
  await call('PATCH', PRODUCTION, { requiredApprovals });
  const flag = async (key: string) => (await call('GET', `${FLAGS}/${key}/environments/production`)).body;
  const revision = () => app.bunting.rulesets.named('default', 'production')?.revision.number ?? 0;
  const audit = async () => (await call('GET', '/audit?limit=200')).body.items;
  const propose = async (changes: unknown[], more = {}) =>
    call('POST', REQUESTS, { title: 'Launch', changes, ...more });
  const approve = async ({ browser }: Person, id: string) => {
    const { body } = await call('GET', `${REQUESTS}/${id}`);
    return browser.call('POST', `${REQUESTS}/${id}/approve`, { contentHash: body.contentHash });
  };
  const apply = (id: string, headers = {}) => call('POST', `${REQUESTS}/${id}/apply`, undefined, headers);
  return { ...server, flag, revision, audit, propose, approve, apply };
}

const enable = (flag: string, environment = 'production') => ({ environment, flag, edits: [{ kind: 'enable' }] });

test('what changes a protected environment directly is refused and says how; kills and re-arms pass', async () => {
  const { call, revision } = await start(2);
  const before = revision();
  const segment = `${PRODUCTION}/segments/staff`;
  expect((await call('PUT', segment, {})).status).toBe(201);
  await call('PATCH', `${FLAGS}/a/environments/development`, { enabled: true });
  const refused = [
    await call('PATCH', `${FLAGS}/a/environments/production`, { enabled: true }),
    await call('POST', `${FLAGS}/a/environments/production/edits`, { edits: [{ kind: 'enable' }] }),
    await call('POST', `${PRODUCTION}/promotions`, { from: 'development', flags: [{ key: 'a' }] }),
    await call('PUT', segment, { by: 'user' }),
    await call('PUT', `${segment}/keys`, 'u1\n', { 'content-type': 'text/plain' }),
    await call('DELETE', segment),
    await call('POST', `${FLAGS}/a/archive`),
    await call('PATCH', `${FLAGS}/a`, { clientVisible: true }),
  ];
  expect(refused.map(({ status, body }) => [status, body.code])).toEqual(refused.map(() => [409, 'approval_required']));
  expect(refused[0]?.body.message).toContain('change request');
  expect((await call('PATCH', `${FLAGS}/a`, { description: 'Served to nobody' })).status).toBe(200);
  expect((await call('POST', FLAGS, { key: 'new', type: 'boolean' })).status).toBe(201);
  const killed = `${FLAGS}/a/environments/production`;
  expect((await call('POST', `${killed}/kill`, { reason: 'on fire' })).status).toBe(200);
  expect((await call('POST', `${killed}/rearm`, { reason: 'put out' })).status).toBe(200);
  expect(revision()).toBe(before + 2);
});

test('signals and safeguards change nothing that wants approval: what they may do exposes nobody, and goes another way', async () => {
  const { app, call, revision } = await start(2);
  await call('PATCH', PRODUCTION, { requireComment: true });
  const before = revision();
  const place = { project: 'default', environment: 'production', flag: 'a' };
  for (const kind of ['signal', 'safeguard'] as const) {
    const caller = { ...SYSTEM, actor: { kind, id: 'errors', name: 'Errors' } };
    const enabling = app.bunting.targeting.edit(caller, place, [{ kind: 'enable' }], undefined);
    await expect(enabling).rejects.toMatchObject({ code: 'approval_required' });
  }
  expect(revision()).toBe(before);
});

test('a request is made when enough others have approved it, all of it as one revision', async () => {
  const server = await start(2);
  const { call, propose, approve, apply, flag, revision, audit } = server;
  await call('PUT', `${PRODUCTION}/segments/staff`, {});
  const [grace, linus] = [await startPerson(server, 'approver'), await startPerson(server, 'approver')];
  const rule = { id: 'r', when: { segment: 'staff' }, serve: { variant: 'on' } };
  const when = { attribute: 'team', operator: 'in', values: ['x'] };
  const proposed = await propose([
    { environment: 'production', flag: 'a', edits: [{ kind: 'enable' }, { kind: 'addRule', rule }] },
    { environment: 'production', segment: 'staff', edits: [{ kind: 'setCondition', when }] },
    enable('b'),
    enable('b', 'development'),
  ]);
  expect(proposed.body).toMatchObject({ state: 'open', approvals: [{ required: 0 }, { required: 2, given: 0 }] });
  const { id } = proposed.body;
  expect((await call('GET', `${REQUESTS}/${id}/preview`)).body).toMatchObject({
    isApplicable: true,
    contentHash: proposed.body.contentHash,
    changes: [
      { key: 'a', sentences: ['Turn the flag on', 'Add rule "r" first, which serves "on"'] },
      { key: 'staff' },
      { key: 'b' },
      { key: 'b', environment: 'development' },
    ],
  });
  expect((await approve(grace, id)).body.state).toBe('open');
  expect((await approve(grace, id)).body.approvals[1].given).toBe(1);
  expect((await apply(id)).body).toMatchObject({ code: 'approval_required', details: { approvals: [{ given: 1 }] } });
  const before = revision();
  expect((await approve(linus, id)).body.state).toBe('approved');
  const applied = await apply(id);
  expect([applied.status, applied.body.request.state]).toEqual([200, 'applied']);
  expect(Object.keys(applied.body.revisions).sort()).toEqual(['development', 'production']);
  expect(revision()).toBe(before + 1);
  expect(await flag('a')).toMatchObject({ enabled: true, rules: [{ id: 'r' }] });
  expect((await flag('b')).enabled).toBe(true);
  expect((await apply(id)).body.code).toBe('wrong_state');
  const actions = (await audit()).map(({ action }: { action: string }) => action);
  for (const action of ['created', 'approved', 'applied']) expect(actions).toContain(`change-request.${action}`);
  expect(actions).not.toContain('environment.glass-broken');
});

test('nobody approves what they wrote, not through a token of theirs either, and no program approves', async () => {
  const server = await start();
  const { call, approve } = server;
  const [ada, grace] = [await startPerson(server, 'admin'), await startPerson(server, 'admin')];
  const { body } = await ada.browser.call('POST', REQUESTS, { title: 'Mine', changes: [enable('a')] });
  const path = `${REQUESTS}/${body.id}`;
  const input = { contentHash: body.contentHash };
  expect((await approve(ada, body.id)).status).toBe(403);
  const { body: token } = await ada.browser.call('POST', '/tokens', { name: 'cli', expiresInDays: 1 });
  const own = await call('POST', `${path}/approve`, input, { authorization: `Bearer ${token.secret}` });
  const program = await startProgram(server, 'admin');
  const byProgram = await call('POST', `${path}/approve`, input, program.headers);
  expect([own.status, byProgram.status, (await call('POST', `${path}/approve`, input)).status]).toEqual([
    403, 403, 403,
  ]);
  // Who changes what it says is one of its authors.
  const changes = [enable('a'), enable('b')];
  const edited = await grace.browser.call('PATCH', path, { changes });
  expect(edited.body).toMatchObject({ state: 'open', version: 2 });
  expect((await approve(grace, body.id)).status).toBe(403);
  expect((await call('GET', path)).body.approvals[0].given).toBe(0);
});

test('an approval is of what was read: another content voids it, and the same content keeps it', async () => {
  const server = await start();
  const { call, propose, approve, apply, flag } = server;
  const grace = await startPerson(server, 'approver');
  const { id, contentHash } = (await propose([enable('a')])).body;
  const path = `${REQUESTS}/${id}`;
  await approve(grace, id);
  expect((await call('PATCH', path, { title: 'Launch tomorrow' })).body.state).toBe('approved');
  expect((await call('PATCH', path, { changes: [enable('a'), enable('b')] })).body.state).toBe('open');
  const stale = await grace.browser.call('POST', `${path}/approve`, { contentHash });
  expect([stale.status, stale.body.code]).toEqual([412, 'version_mismatch']);
  expect((await apply(id)).body.code).toBe('approval_required');
  const { body: entries } = await call('GET', `${path}/entries`);
  expect(entries.items).toMatchObject([{ kind: 'approval', isCurrent: false }]);
  expect((await flag('a')).enabled).toBe(false);
});

test('someone who may not approve any more has approved nothing', async () => {
  const server = await start();
  const { call, propose, approve, apply } = server;
  const grace = await startPerson(server, 'approver');
  const { id } = (await propose([enable('a')])).body;
  expect((await approve(grace, id)).body.state).toBe('approved');
  await call('PATCH', `/users/${grace.id}`, { disabled: true });
  expect((await apply(id)).body.code).toBe('approval_required');
});

test('what leads to something else than was approved is conflicted, and says who changed what; rebased, it is approved anew', async () => {
  const server = await start();
  const { call, propose, approve, apply, flag } = server;
  const grace = await startPerson(server, 'approver');
  const edits = [{ kind: 'setRollout', weights: weights(10_000) }];
  const first = (await propose([{ environment: 'production', flag: 'a', edits }])).body;
  const second = (await propose([enable('a')])).body;
  for (const { id } of [first, second]) await approve(grace, id);
  expect((await apply(first.id)).status).toBe(200);
  const refused = await apply(second.id);
  expect([refused.status, refused.body.code]).toEqual([409, 'change_conflict']);
  expect(refused.body.details.since).toMatchObject([
    { key: 'a', from: 1, to: 2, changes: [{ action: 'flag.environment.updated', fields: ['defaultRule'] }] },
  ]);
  expect((await flag('a')).enabled).toBe(false);
  const path = `${REQUESTS}/${second.id}`;
  expect((await call('GET', path)).body).toMatchObject({ state: 'conflicted' });
  expect((await approve(grace, second.id)).body.code).toBe('wrong_state');
  const rebased = await call('POST', `${path}/rebase`);
  expect(rebased.body).toMatchObject({ state: 'open', reason: null, approvals: [{ given: 0 }] });
  await approve(grace, second.id);
  expect((await apply(second.id)).status).toBe(200);
});

test('where no approval is wanted, edits are made of what is there, and conflict only when they do not fit', async () => {
  const { call, propose, apply, flag } = await start(0);
  const rule = { id: 'r', when: { attribute: 'x', operator: 'present' }, serve: { variant: 'on' } };
  const add = { kind: 'addRule', rule };
  const { id, state } = (await propose([enable('a')])).body;
  expect(state).toBe('approved');
  const other = (await propose([{ environment: 'production', flag: 'a', edits: [add] }, enable('b')])).body;
  await call('POST', `${FLAGS}/a/environments/production/edits`, { edits: [add] });
  expect((await apply(id)).status).toBe(200);
  const refused = await apply(other.id);
  expect(refused.body).toMatchObject({
    code: 'change_conflict',
    details: { problems: [{ path: 'changes[0].edits[0]', message: 'there is a rule "r" already' }] },
  });
  expect((await flag('b')).enabled).toBe(false);
  expect((await call('POST', `${REQUESTS}/${other.id}/rebase`)).body.code).toBe('change_conflict');
  expect((await call('PATCH', `${REQUESTS}/${other.id}`, { changes: [enable('b')] })).body.state).toBe('approved');
  expect((await apply(other.id)).status).toBe(200);
});

test('a ramp that goes on by itself voids no approval', async () => {
  let nowMs = Date.now();
  const server = await start(0, { now: () => nowMs });
  const { call, propose, approve, apply } = server;
  const steps = [{ atMs: nowMs + 3_600_000, weights: weights(100_000), linear: true }];
  const edits = [{ kind: 'enable' }, { kind: 'setRollout', weights: weights(1_000) }, { kind: 'setSchedule', steps }];
  await call('POST', `${FLAGS}/a/environments/production/edits`, { edits });
  await call('PATCH', PRODUCTION, { requiredApprovals: 1 });
  const grace = await startPerson(server, 'approver');
  const stop = { kind: 'setRollout', weights: weights(60_000) };
  const { id } = (await propose([{ environment: 'production', flag: 'a', edits: [stop] }])).body;
  await approve(grace, id);
  nowMs += 1_800_000;
  expect((await apply(id)).status).toBe(200);
});

test('breaking the glass takes the permission and a reason, and is told loudly', async () => {
  const server = await start();
  const { call, propose, apply, audit, flag } = server;
  const releaser = await startPerson(server, 'releaser');
  const glass = { 'bunting-break-glass': 'true' };
  const path = `${FLAGS}/a/environments/production`;
  expect((await call('PATCH', path, { enabled: true }, glass)).body.code).toBe('comment_required');
  const refused = await releaser.browser.call('PATCH', path, { enabled: true }, { ...glass, ...why('Fire') });
  expect([refused.status, refused.body.details.permission]).toEqual([403, 'change:bypass']);
  expect((await call('PATCH', path, { enabled: true }, { ...glass, ...why('Fire') })).status).toBe(200);
  const told = { break_glass: true, obstacles: ['approval_required'], reason: 'Fire' };
  const [event] = (await audit()).filter(({ action }: { action: string }) => action === 'environment.glass-broken');
  expect(event).toMatchObject({ project: 'default', environment: 'production', comment: 'Fire', after: told });
  const { id } = (await propose([enable('b')])).body;
  expect((await apply(id, { ...glass, ...why('More fire') })).body.request.state).toBe('applied');
  expect((await flag('b')).enabled).toBe(true);
});

test('approval adds no permission: who may not change the environment does not apply', async () => {
  const server = await start();
  const { approve, apply } = server;
  const [editor, grace] = [await startPerson(server, 'editor'), await startPerson(server, 'approver')];
  const { status, body } = await editor.browser.call('POST', REQUESTS, { title: 'Please', changes: [enable('a')] });
  expect(status).toBe(201);
  await approve(grace, body.id);
  for (const { browser } of [editor, grace]) {
    expect((await browser.call('POST', `${REQUESTS}/${body.id}/apply`)).status).toBe(403);
  }
  expect((await apply(body.id)).status).toBe(200);
});

test('to want fewer approvals takes the permission to do without', async () => {
  const server = await start(2);
  const permissions = ['project:read', 'project:write', 'environment:write'];
  expect((await server.call('PUT', '/roles/keeper', { name: 'Keeper', permissions })).status).toBeLessThan(300);
  const keeper = await startPerson(server, 'keeper');
  const set = (requiredApprovals: number) => keeper.browser.call('PATCH', PRODUCTION, { requiredApprovals });
  expect((await set(1)).body.details.permission).toBe('change:bypass');
  expect((await set(3)).body.requiredApprovals).toBe(3);
  await server.call('POST', '/projects', { key: 'other', name: 'Other' });
  for (const path of [`${PRODUCTION}?confirm=production`, '/projects/default?confirm=default']) {
    const { status, body } = await keeper.browser.call('DELETE', path);
    expect([path, status, body.details?.permission]).toEqual([path, 403, 'change:bypass']);
  }
});

test('a rejected request says why; its approvals are void even if it comes back as it was', async () => {
  const server = await start(2);
  const { call, propose, approve } = server;
  const [grace, linus] = [await startPerson(server, 'approver'), await startPerson(server, 'approver')];
  const { id } = (await propose([enable('a')], { draft: true })).body;
  const path = `${REQUESTS}/${id}`;
  expect((await approve(grace, id)).body.code).toBe('wrong_state');
  expect((await call('POST', `${path}/open`)).body.state).toBe('open');
  await approve(grace, id);
  const rejected = await linus.browser.call('POST', `${path}/reject`, { body: 'Not on a Friday' });
  expect(rejected.body).toMatchObject({ state: 'rejected', reason: 'Not on a Friday' });
  await call('POST', `${path}/comments`, { body: 'Monday, then' });
  expect((await call('PATCH', path, { changes: [enable('a')] })).body).toMatchObject({
    state: 'open',
    reason: null,
    approvals: [{ given: 0 }],
  });
  const { body } = await call('GET', `${path}/entries`);
  expect(body.items.map(({ kind }: { kind: string }) => kind)).toEqual(['approval', 'rejection', 'comment']);
  expect((await linus.browser.call('POST', `${path}/cancel`)).body.state).toBe('cancelled');
  const { body: list } = await call('GET', `${REQUESTS}?state=cancelled`);
  expect(list.items.map((item: { id: string }) => item.id)).toEqual([id]);
});

test('what names nothing, or the same twice, is not proposed', async () => {
  const { propose, call } = await start();
  expect((await propose([enable('none')])).body.details.problems[0].path).toBe('changes[0]');
  expect((await propose([enable('a', 'nowhere')])).status).toBe(409);
  expect((await propose([enable('a'), enable('a')])).body.details[0].path).toBe('changes[1]');
  expect((await propose([{ environment: 'production', flag: 'a', edits: [{ kind: 'explode' }] }])).status).toBe(400);
  expect((await call('GET', `${REQUESTS}/none`)).status).toBe(404);
});

test('what a flag is everywhere, and its archiving, is approved in every environment that wants it, and made with the rest', async () => {
  const server = await start();
  const { call, propose, approve, apply, revision, audit } = server;
  const bob = await startPerson(server, 'approver');
  await call('PATCH', `${FLAGS}/b/environments/development`, { enabled: true });
  const addVariant = { kind: 'addVariant', variant: { name: 'later', value: false } };
  const change = { flag: 'a', edits: [addVariant, { kind: 'addTag', tag: 'checkout' }] };
  const { status, body } = await propose([change, { flag: 'b', archived: true }]);
  expect([status, body.approvals]).toEqual([
    201,
    [
      { environment: 'development', required: 0, given: 0 },
      { environment: 'production', required: 1, given: 0 },
    ],
  ]);
  const preview = await call('GET', `${REQUESTS}/${body.id}/preview`);
  expect(preview.body).toMatchObject({
    isApplicable: true,
    changes: [
      { environment: null, key: 'a', sentences: ['Add variant "later"', 'Add the tag "checkout"'], findings: [] },
      { environment: null, key: 'b', sentences: ['Archive the flag'], findings: [] },
    ],
  });
  const before = revision();
  expect((await apply(body.id)).body.code).toBe('approval_required');
  expect((await approve(bob, body.id)).body.state).toBe('approved');
  const applied = await apply(body.id);
  expect([applied.status, Object.keys(applied.body.revisions).sort()]).toEqual([200, ['development', 'production']]);
  expect(revision()).toBe(before + 1);
  expect((await call('GET', `${FLAGS}/a`)).body).toMatchObject({ tags: ['checkout'], variants: { length: 3 } });
  expect((await call('GET', `${FLAGS}/b`)).body.archivedAt).not.toBeNull();
  const done = (await audit()).slice(0, 3).map(({ action }: { action: string }) => action);
  expect(done.sort()).toEqual(['change-request.applied', 'flag.archived', 'flag.updated']);
});

test('a flag that goes when others depend on it no more can go with the change that ends it', async () => {
  const server = await start();
  const { call, propose, approve, apply } = server;
  const bob = await startPerson(server, 'approver');
  const depend = [{ kind: 'addPrerequisite', prerequisite: { flag: 'a', variants: ['on'] } }];
  const { body: first } = await propose([{ environment: 'production', flag: 'b', edits: depend }]);
  await approve(bob, first.id);
  expect((await apply(first.id)).status).toBe(200);
  const { body: alone } = await propose([{ flag: 'a', archived: true }]);
  const { body: preview } = await call('GET', `${REQUESTS}/${alone.id}/preview`);
  expect(preview).toMatchObject({ isApplicable: false, changes: [{ findings: [{ severity: 'error' }] }] });
  await approve(bob, alone.id);
  expect(await apply(alone.id)).toMatchObject({ status: 409, body: { code: 'flag_in_use' } });
  const edits = [{ kind: 'removePrerequisite', flag: 'a' }];
  const { body: together } = await propose([
    { flag: 'a', archived: true },
    { environment: 'production', flag: 'b', edits },
  ]);
  await approve(bob, together.id);
  expect((await apply(together.id)).status).toBe(200);
});

test('a change of a flag everywhere takes the permission for it, and an approval of what it leads to', async () => {
  const server = await start();
  const { call, propose, approve, apply } = server;
  const bob = await startPerson(server, 'approver');
  await call('PUT', '/roles/tuner', { name: 'Tuner', permissions: ['project:read', 'flag:read', 'targeting:write'] });
  const { headers } = await startProgram(server, 'tuner', { project: 'default' });
  const edits = [{ kind: 'setVariantValue', variant: 'off', value: true }];
  const { body: request } = await call('POST', REQUESTS, { title: 'x', changes: [{ flag: 'a', edits }] }, headers);
  await approve(bob, request.id);
  const refused = await apply(request.id, headers);
  expect([refused.status, refused.body.details.permission]).toEqual([403, 'flag:write']);
  await call('POST', `${FLAGS}/a/edits`, { edits: [{ kind: 'setDescription', description: 'Voids nothing' }] });
  expect((await call('GET', `${REQUESTS}/${request.id}/preview`)).body.contentHash).toBe(request.contentHash);
  const meanwhile = { edits: [{ kind: 'addVariant', variant: { name: 'maybe', value: true } }] };
  await call('POST', `${FLAGS}/a/edits`, meanwhile, { 'bunting-break-glass': 'true', ...why('Now') });
  const conflict = await apply(request.id);
  expect([conflict.status, conflict.body.code]).toEqual([409, 'change_conflict']);
  expect(conflict.body.details.since).toMatchObject([{ environment: null, key: 'a', from: 1, to: 3 }]);
  for (const changes of [
    [
      { flag: 'a', archived: true },
      { environment: 'production', flag: 'a', edits: [{ kind: 'enable' }] },
    ],
    [
      { flag: 'a', archived: true },
      { flag: 'a', edits },
    ],
  ]) {
    expect([changes, (await propose(changes)).status]).toEqual([changes, 400]);
  }
  expect((await propose([{ flag: 'none', archived: true }])).status).toBe(409);

  const notInProduction = ['targeting:write'];
  const permissions = ['project:read', 'flag:read', 'flag:write', ...notInProduction];
  await call('PUT', '/roles/writer', { name: 'Writer', permissions, notInProduction });
  const writer = await startProgram(server, 'writer', { project: 'default' });
  const at = new Date(Date.now() + 60_000).toISOString();
  const schedule = { kind: 'request', title: 'Later', at, changeRequest: request.id };
  const later = await call('POST', '/projects/default/schedules', schedule, writer.headers);
  expect([later.status, later.body.details]).toEqual([403, { permission: 'targeting:write', project: 'default' }]);
});
