import fc from 'fast-check';
import { expect, test } from 'vitest';
import { startPerson } from '../testing/people.ts';
import { startApp } from '../testing/start-app.ts';
import type { State } from './state.ts';

const REQUESTS = '/projects/default/change-requests';
const FLAG = '/projects/default/flags/a/environments/production';

/** What people do, in any order; `who` is the place in the list of reviewers. */
const act = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('edit' as const), percent: fc.integer({ min: 0, max: 3 }) }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('approve' as const), who: fc.constantFrom(0, 1, 1, 2, 2) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reject' as const), who: fc.nat(2) }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constantFrom('open' as const, 'rebase' as const, 'apply' as const) }) },
  // Someone else changes the flag meanwhile.
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('meanwhile' as const), on: fc.boolean() }) },
);

type Act = typeof act extends fc.Arbitrary<infer A> ? A : never;

const rollout = (percent: number) => [
  {
    environment: 'production',
    flag: 'a',
    edits: [
      {
        kind: 'setRollout',
        weights: [
          { variant: 'on', weightPer100k: percent * 1_000 },
          { variant: 'off', weightPer100k: 100_000 - percent * 1_000 },
        ],
      },
    ],
  },
];

test('whatever people do in whatever order, only what two others have read and approved is served', async () => {
  const server = await startApp();
  const { app, call } = server;
  await call('POST', '/projects/default/flags', { key: 'a', type: 'boolean' });
  const reviewers = [
    await startPerson(server, 'admin'),
    await startPerson(server, 'approver'),
    await startPerson(server, 'approver'),
  ];
  const [author] = reviewers;
  if (author === undefined) throw new Error('there is no author');
  await call('PATCH', '/projects/default/environments/production', { requiredApprovals: 2 });
  const served = () => app.bunting.rulesets.named('default', 'production')?.item('flag', 'a')?.json;
  const glass = { 'bunting-break-glass': 'true', 'bunting-comment': 'meanwhile' };

  let applied = 0;
  const run = async (acts: readonly Act[]) => {
    const input = { title: 'x', changes: rollout(1), draft: true };
    const { id } = (await author.browser.call('POST', REQUESTS, input)).body;
    const path = `${REQUESTS}/${id}`;
    /** Who approved what, by the content and by what was served when they read it. */
    let approved: { who: number; content: string; on: string | undefined }[] = [];
    const read = async () => JSON.stringify((await call('GET', path)).body.changes);
    const hashOf = async () => (await call('GET', path)).body.contentHash as string;
    let base = served();
    for (const one of acts) {
      if (one.kind === 'edit') {
        const { status } = await author.browser.call('PATCH', path, { changes: rollout(one.percent + 1) });
        if (status === 200) base = served();
      } else if (one.kind === 'meanwhile') {
        expect((await call('PATCH', FLAG, { enabled: one.on }, glass)).status).toBe(200);
      } else if (one.kind === 'approve') {
        const contentHash = await hashOf();
        const browser = reviewers[one.who]?.browser;
        const answer = await browser?.call('POST', `${path}/approve`, { contentHash });
        if (answer?.status === 200) approved.push({ who: one.who, content: await read(), on: base });
        if (one.who === 0) expect(answer?.status).not.toBe(200);
      } else if (one.kind === 'reject') {
        const answer = await reviewers[one.who]?.browser.call('POST', `${path}/reject`, { body: 'no' });
        if (answer?.status === 200) approved = [];
      } else if (one.kind === 'apply') {
        const [before, content] = [served(), await read()];
        const { status } = await call('POST', `${path}/apply`);
        if (status !== 200) {
          expect(served()).toBe(before);
          continue;
        }
        applied++;
        const holding = approved.filter((approval) => approval.content === content && approval.on === before);
        expect(new Set(holding.map(({ who }) => who)).size).toBe(2);
      } else {
        const { status } = await author.browser.call('POST', `${path}/${one.kind}`);
        if (status === 200 && one.kind === 'rebase') base = served();
      }
    }
    const { body } = await call('GET', path);
    expect(body.actions.length > 0).toBe((body.state as State) !== 'applied');
    if (body.state !== 'applied') {
      expect((await author.browser.call('POST', `${path}/cancel`)).body.state).toBe('cancelled');
    }
  };
  // One that comes to its end, for acts by chance may not.
  const straight: Act[] = [
    { kind: 'edit', percent: 2 },
    { kind: 'open' },
    { kind: 'approve', who: 1 },
    { kind: 'approve', who: 2 },
    { kind: 'meanwhile', on: false },
    { kind: 'apply' },
    { kind: 'rebase' },
    { kind: 'approve', who: 1 },
    { kind: 'approve', who: 2 },
    { kind: 'apply' },
  ];
  const acts = fc.array(act, { minLength: 6, maxLength: 25 });
  await fc.assert(fc.asyncProperty(acts, run), { numRuns: 60, examples: [[straight]] });
  expect(applied).toBeGreaterThan(0);
}, 120_000);
