import { expect, test } from 'vitest';
import { type ReleaseExport, verifyExport } from '../decision-log/verify-export.ts';
import { startPerson } from '../testing/people.ts';
import { startApp } from '../testing/start-app.ts';

const PRODUCTION = '/projects/default/environments/production';
const RELEASES = '/projects/default/releases';
const SPEC = {
  ...{ title: 'New checkout', environment: 'production', strategy: 'flag_only' },
  flags: [{ flag: 'checkout', candidate: 'on', baseline: 'off' }],
  stages: [10_000, 100_000].map((flagsPer100k) => ({ flagsPer100k, soakSeconds: 60 })),
  ...{ bakeSeconds: 60, rollbackWindowSeconds: 60 },
};
const SLOWER = { ...SPEC, title: 'Checkout', stages: SPEC.stages.map((stage) => ({ ...stage, soakSeconds: 600 })) };

/** A draft in an environment where another person has to approve. */
async function startWithDraft() {
  const server = await startApp();
  const { call } = server;
  await call('POST', '/projects/default/flags', { key: 'checkout', type: 'boolean' });
  const off = { enabled: true, defaultRule: { variant: 'off' } };
  await call('PATCH', '/projects/default/flags/checkout/environments/production', off);
  await call('PATCH', PRODUCTION, { requiredApprovals: 1 });
  const { body: draft } = await call('POST', RELEASES, SPEC);
  const path = `${RELEASES}/${draft.id}`;
  return {
    ...{ ...server, draft, path },
    edit: (body: object, headers = {}) => call('PUT', path, body, headers),
    command: (body: object, headers = {}) => call('POST', `${path}/commands`, body, headers),
    read: async (): Promise<ReleaseExport> => (await call('GET', `${path}/export`)).body,
  };
}

test('a draft becomes what is sent, in a version of its own, and starts as that', async () => {
  const { call, edit, draft, command, path } = await startWithDraft();
  const edited = await edit(SLOWER, { 'if-match': `"${draft.version}"` });
  expect([edited.status, edited.body]).toMatchObject([
    200,
    { ...SLOWER, flags: [{ flag: 'checkout' }], phase: 'draft', version: draft.version + 1 },
  ]);
  expect((await call('GET', `${path}/decisions`)).body.items[0].decision).toBe('Edited.');
  const glass = { 'bunting-break-glass': 'true', 'bunting-comment': 'now' };
  expect((await command({ command: 'start' }, glass)).body).toMatchObject({ phase: 'progressing' });
  const late = await edit(SPEC);
  expect([late.status, late.body.code, late.body.message]).toEqual([
    409,
    'wrong_state',
    'The release is progressing: only a draft is edited. Make another one like it.',
  ]);
});

test('what it is already changes nothing', async () => {
  const { edit, draft } = await startWithDraft();
  const { stages, flags, ...rest } = SPEC;
  expect((await edit({ stages, flags, ...rest })).body.version).toBe(draft.version);
});

test.each([
  [{ ...SPEC, stages: [{ flagsPer100k: 10_000, soakSeconds: 1 }] }, 400, 'the last stage is everyone'],
  [{ ...SPEC, flags: [{ ...SPEC.flags[0], flag: 'gone' }] }, 400, 'there is no flag \\"gone\\"'],
  [{ ...SPEC, environment: 'development' }, 400, 'is production, and stays: make another release for development'],
])('what cannot work is refused, and the draft stays', async (body, status, message) => {
  const { call, edit, draft, path } = await startWithDraft();
  const refused = await edit(body);
  expect([refused.status, JSON.stringify(refused.body)]).toEqual([status, expect.stringContaining(message)]);
  expect((await call('GET', path)).body.version).toBe(draft.version);
});

test('who has not seen the present version is told who changed it', async () => {
  const { edit, draft } = await startWithDraft();
  await edit(SLOWER);
  const refused = await edit(SPEC, { 'if-match': `"${draft.version}"` });
  expect([refused.status, refused.body.message]).toEqual([
    412,
    expect.stringMatching(/^It is at version 2 now, not 1\./),
  ]);
});

test('an approval is of what was looked at: an edit voids it, and comes between', async () => {
  const server = await startWithDraft();
  const { edit, command, draft, path } = server;
  const { browser } = await startPerson(server, 'approver');
  const approve = (version: number) =>
    browser.call('POST', `${path}/approve`, undefined, { 'if-match': `"${version}"` });
  expect((await approve(draft.version)).body.approvedBy).toHaveLength(1);
  const { version, approvedBy } = (await edit(SLOWER)).body;
  expect(approvedBy).toEqual([]);
  expect((await command({ command: 'start' })).body.code).toBe('approval_required');
  expect((await approve(draft.version)).status).toBe(412);
  expect((await approve(version)).status).toBe(200);
  expect((await command({ command: 'start' })).body.phase).toBe('progressing');
});

test('who edited a draft does not approve it', async () => {
  const server = await startWithDraft();
  const { browser } = await startPerson(server, 'admin');
  expect((await browser.call('PUT', server.path, SLOWER)).status).toBe(200);
  const refused = await browser.call('POST', `${server.path}/approve`);
  expect([refused.status, refused.body.message]).toEqual([403, expect.stringContaining('made or edited themselves')]);
});

test('an export is verified by what the draft was edited to last; what was decided before is of another spec', async () => {
  const server = await startWithDraft();
  const { browser } = await startPerson(server, 'approver');
  await browser.call('POST', `${server.path}/approve`);
  await server.edit(SLOWER);
  const exported = await server.read();
  expect(verifyExport(exported)).toMatchObject({ same: 1, problems: [] });
  expect(verifyExport(exported).unknown).toEqual([expect.stringMatching(/approved.*: the draft was edited after it$/)]);
  const other = { ...exported, spec: { ...exported.spec, bakeSeconds: 1 } };
  expect(verifyExport(other).problems).toEqual([expect.stringContaining('edited to last')]);
});
