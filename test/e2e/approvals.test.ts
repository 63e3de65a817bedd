import { beforeAll, expect, test } from 'vitest';
import { findBarriers, findBarriersEverywhere } from './accessible.ts';
import { describeInBrowser, ownerScene } from './owner-scene.ts';
import { becomeSomeone } from './people.ts';

const project = '/projects/default';
const flag = `${project}/flags/new-checkout`;

describeInBrowser('who approves, schedules and freezes', () => {
  const scene = ownerScene();

  beforeAll(async () => {
    await scene.server.api.call('POST', `${project}/flags`, {
      ...{ key: 'new-checkout', type: 'boolean' },
      variants: [
        { name: 'off', value: false },
        { name: 'on', value: true },
      ],
    });
    await scene.server.api.call('PATCH', `${project}/environments/production`, { requiredApprovals: 1 });
  });

  const propose = (title: string, more: object = {}) =>
    scene.server.api.call<{ id: string }>('POST', `${project}/change-requests`, {
      ...{ title, description: 'For the <b>spring</b> campaign', ...more },
      changes: [
        {
          ...{ environment: 'production', flag: 'new-checkout' },
          edits: [
            { kind: 'enable' },
            {
              kind: 'addRule',
              rule: {
                ...{ id: 'vip', name: 'VIPs', serve: { variant: 'on' } },
                when: { attribute: 'plan', operator: 'in', values: ['pro'] },
              },
            },
          ],
        },
      ],
    });
  const isOn = async () =>
    (await scene.server.api.call<{ enabled: boolean }>('GET', `${flag}/environments/production`)).enabled;

  test('reads what a proposal would do and whom it would move, talks about it, approves it, and applies it', async () => {
    const { page } = scene;
    await scene.open();
    await page.keyboard.press('g');
    await page.keyboard.press('a');
    await page.getByText('No change was proposed yet').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await propose('Launch in production');
    await page.reload();
    const row = page.getByRole('list', { name: 'Change requests' }).getByRole('link', { name: /Launch in production/ });
    await row.getByText('0 of 1').waitFor();
    expect(await findBarriersEverywhere(page)).toEqual([]);
    await row.click();
    await page.getByRole('heading', { level: 1, name: 'Launch in production' }).waitFor();
    await page.getByText('For the <b>spring</b> campaign').waitFor();
    const edits = page.getByRole('list', { name: 'What would be different in Production' });
    await edits.getByText('Turn the flag on').waitFor();
    await edits.getByText('if plan is one of "pro"').waitFor();
    await page.getByText('Whom it would move').click();
    await page.getByRole('region', { name: 'Impact' }).getByRole('status').waitFor();
    expect(await findBarriersEverywhere(page)).toEqual([]);
    expect(await page.getByRole('button', { name: 'Apply', exact: true }).count()).toBe(0);

    await page.getByRole('textbox', { name: 'Comment' }).fill('Is support told?');
    await page.getByRole('button', { name: 'Comment', exact: true }).click();
    await page.getByRole('list', { name: 'What was said' }).getByText('Is support told?').waitFor();
    await page.getByRole('button', { name: 'Approve' }).click();
    expect(await findBarriers(page)).toEqual([]);
    await page.getByRole('alertdialog').getByLabel('Comment').fill('Fine');
    await page.getByRole('alertdialog').getByRole('button', { name: 'Approve' }).click();
    await page.getByText('1 of 1 approvals').waitFor();
    await page.getByRole('list', { name: 'What was said' }).getByText('approved it').waitFor();
    expect(await isOn()).toBe(false);
    await page.getByRole('button', { name: 'Apply', exact: true }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Apply' }).click();
    await page.getByText('Its changes are made.').waitFor();
    expect(await isOn()).toBe(true);
  });

  test('a switch where others must approve says so before it is moved, and asks them, in the list and on the card', async () => {
    const { page, server } = scene;
    await scene.open();
    await server.api.call('POST', `${project}/flags`, { key: 'guarded', type: 'boolean' });
    const asked = async () =>
      (await server.api.call<{ items: object[] }>('GET', `${project}/change-requests?limit=1`)).items[0];
    const toggle = page.getByRole('switch', { name: 'Toggle guarded in production' });
    const question = page.getByRole('alertdialog', { name: 'Turn on guarded in Production?' });
    for (const [path, comment] of [
      [`${project}/flags?search=guarded`, 'From the list'],
      [`${project}/flags/guarded`, 'From the card'],
    ] as const) {
      await page.goto(server.url + path);
      await expect
        .poll(() => toggle.getAttribute('title'))
        .toBe('Production is protected: someone else must approve it before it is served. The switch asks for it.');
      await toggle.click();
      await question.getByText('someone else must approve it').waitFor();
      expect(await findBarriers(page)).toEqual([]);
      await question.getByRole('textbox', { name: 'Comment' }).fill(comment);
      await question.getByRole('button', { name: 'Request approval' }).click();
      await page.getByText('Approval is asked for').waitFor();
      await question.waitFor({ state: 'hidden' });
      expect(await toggle.isChecked()).toBe(false);
      expect(await asked()).toMatchObject({
        ...{ title: 'guarded: Turn the flag on', description: comment, state: 'open' },
        changes: [{ environment: 'production', flag: 'guarded', edits: [{ kind: 'enable' }] }],
      });
    }
  });

  test('a switch that the page did not know to be guarded asks for what the server wants, and goes on with it', async () => {
    const { page, server } = scene;
    await server.api.call('POST', `${project}/flags`, { key: 'surprised', type: 'boolean' });
    await page.goto(`${server.url}${project}/flags/surprised`);
    const development = `${project}/environments/development`;
    const toggle = page.getByRole('switch', { name: 'Toggle surprised in development' });
    await toggle.waitFor();
    await server.api.call('PATCH', development, { requireComment: true });
    await toggle.click();
    const question = page.getByRole('alertdialog', { name: 'Turn on surprised in Development?' });
    await question.getByRole('button', { name: 'Turn on in Development' }).click();
    await question.getByText('Say why: Development wants a comment').waitFor();
    await question.getByRole('textbox', { name: 'Comment' }).fill('Try it – größer');
    await question.getByRole('button', { name: 'Turn on in Development' }).click();
    await page.getByText('surprised is on in Development').waitFor();
    const { items } = await server.api.call<{ items: { comment: string | null }[] }>('GET', '/audit?limit=1');
    expect(items[0]?.comment).toBe('Try it – größer');

    await server.api.call('PATCH', development, { requireComment: false });
    await page.reload();
    await toggle.waitFor();
    await server.api.call('PATCH', development, { requiredApprovals: 2 });
    await toggle.click();
    const off = page.getByRole('alertdialog', { name: 'Turn off surprised in Development?' });
    await off.getByText('2 others must approve it').waitFor();
    await off.getByRole('button', { name: 'Request approval' }).click();
    await page.getByText('Approval is asked for').waitFor();
    await off.waitFor({ state: 'hidden' });
    expect(await toggle.isChecked()).toBe(true);
    await server.api.call('PATCH', development, { requiredApprovals: 0 });
    // The browser reports refusals by itself.
    scene.forgive(/status of (400|409)/);
  });

  test('what was changed meanwhile is seen before it is approved, and rebased; a rejection says why', async () => {
    const { page, server } = scene;
    await server.api.call('PATCH', `${project}/environments/production`, { requiredApprovals: 0 });
    await server.api.call('PATCH', `${flag}/environments/production`, { enabled: false, rules: [] });
    await server.api.call('PATCH', `${project}/environments/production`, { requiredApprovals: 1 });
    const { id } = await propose('Once more');
    await server.api.call('PATCH', `${project}/environments/production`, { requiredApprovals: 0 });
    await server.api.call('PATCH', `${flag}/environments/production`, { offVariant: 'on' });
    await server.api.call('PATCH', `${project}/environments/production`, { requiredApprovals: 1 });
    await page.goto(`${server.url}/projects/default/approvals/${id}`);
    await page.getByText(/it would lead to something else now/).waitFor();
    await page.getByRole('button', { name: 'Rebase' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Rebase' }).click();
    await page.getByText(/it would lead to something else now/).waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Reject' }).click();
    const dialog = page.getByRole('alertdialog');
    await dialog.getByRole('button', { name: 'Reject' }).click();
    await dialog.getByText('Say why').waitFor();
    await dialog.getByLabel('Reason').fill('Not before Monday');
    await dialog.getByRole('button', { name: 'Reject' }).click();
    await page.getByText('It may be changed and proposed again. Not before Monday').waitFor();
  });

  test('what is proposed is said otherwise: its title, what it leaves out, and what of it others approved then', async () => {
    const { page, server } = scene;
    const { id } = await propose('Half ready');
    await page.goto(`${server.url}/projects/default/approvals/${id}`);
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Approve' }).click();
    await page.getByText('1 of 1 approvals').waitFor();
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit the change request' });
    await dialog.getByLabel('Title').fill('Ready <i>now</i>');
    await dialog.getByText('Approvals stay').waitFor();
    await dialog.getByRole('button', { name: 'Leave out: Turn the flag on' }).click();
    await dialog.getByText('approvals end with it').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { level: 1, name: 'Ready <i>now</i>' }).waitFor();
    await page.getByText('0 of 1 approvals').waitFor();
    const request = await server.api.call('GET', `${project}/change-requests/${id}`);
    expect(request).toMatchObject({ state: 'open', changes: [{ edits: [{ kind: 'addRule', rule: { id: 'vip' } }] }] });
  });

  test('the targeting that a draft proposes is edited where targeting is, and changes the draft, not the flag', async () => {
    const { page, server } = scene;
    const { id } = await propose('A draft', { draft: true });
    const before = await server.api.call('GET', `${flag}/environments/production`);
    await page.goto(`${server.url}/projects/default/approvals/${id}`);
    await page.getByText('Nobody is asked to approve it yet.').waitFor();
    await page.getByRole('button', { name: 'Edit what it proposes' }).click();
    await page.getByText('reviewing it changes the request, not the flag').waitFor();
    await page.getByLabel('Name of rule 1').fill('Very VIPs');
    await page.getByRole('region', { name: 'Changes' }).getByRole('button', { name: 'Review' }).click();
    expect(await findBarriers(page)).toEqual([]);
    await page.getByRole('button', { name: 'Change the request' }).click();
    const edits = page.getByRole('list', { name: 'What would be different in Production' });
    await edits.getByText(/Add rule "Very VIPs"/).waitFor();
    expect(await server.api.call('GET', `${project}/change-requests/${id}`)).toMatchObject({
      state: 'draft',
      changes: [{ edits: [{ kind: 'enable' }, { kind: 'addRule', rule: { name: 'Very VIPs' } }] }],
    });
    expect(await server.api.call('GET', `${flag}/environments/production`)).toEqual(before);
  });

  test('what is approved is what was read, not what it became while the question stood', async () => {
    const { page, server } = scene;
    await server.api.call('PATCH', `${project}/environments/production`, { requiredApprovals: 0 });
    await server.api.call('PATCH', `${flag}/environments/production`, { enabled: false, rules: [] });
    await server.api.call('PATCH', `${project}/environments/production`, { requiredApprovals: 1 });
    const { id } = await propose('As it was read');
    await page.goto(`${server.url}/projects/default/approvals/${id}`);
    await page.getByRole('button', { name: 'Approve' }).click();
    await server.api.call('PATCH', `${project}/change-requests/${id}`, {
      title: 'As it became',
      changes: [{ environment: 'production', flag: 'new-checkout', edits: [{ kind: 'enable' }] }],
    });
    await page.getByText('As it became').first().waitFor();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Approve' }).click();
    await page.getByText('It is as it was').first().waitFor();
    await page.getByText('0 of 1 approvals').waitFor();
    // The browser reports the refusal by itself.
    scene.forgive(/status of 412/);
  });

  test('who may not approve reads and talks, and is offered nothing else', async () => {
    const { page, server } = scene;
    const { id } = await propose('Read only');
    await becomeSomeone(page, server, ['project:read', 'flag:read', 'release:read']);
    await page.goto(`${server.url}/projects/default/approvals/${id}`);
    await page.getByRole('textbox', { name: 'Comment' }).waitFor();
    await expect.poll(() => page.getByRole('button', { name: /Approve|Reject|Apply|Rebase|Give up/ }).count()).toBe(0);
  });

  test('sees in a calendar and in a list what is scheduled, pauses it, lets it go on and cancels it', async () => {
    const { page, server } = scene;
    const at = new Date(Date.now() + 3_600_000 * 30).toISOString();
    const { id } = await server.api.call<{ id: string }>('POST', `${project}/schedules`, {
      ...{ kind: 'once', title: 'Night launch', at },
      changes: [{ environment: 'development', flag: 'new-checkout', edits: [{ kind: 'enable' }] }],
    });
    const split = (on: number) => [
      { variant: 'on', weightPer100k: on },
      { variant: 'off', weightPer100k: 100_000 - on },
    ];
    const edits = [
      { kind: 'setRollout', weights: split(10_000) },
      { kind: 'setSchedule', steps: [{ atMs: Date.parse(at), weights: split(50_000) }] },
    ];
    await server.api.call('POST', `${project}/flags/new-checkout/environments/development/edits`, { edits });
    await page.goto(`${server.url}/projects/default/schedules?month=${at.slice(0, 7)}&view=nonsense`);
    const ramp = page.getByRole('list', { name: 'Ramps' }).getByRole('listitem');
    await ramp.getByText(/^Default rule: .*10% on.*; next at .* UTC$/).waitFor();
    await ramp.getByRole('button', { name: 'Hold the ramp of new-checkout in Development' }).click();
    await page.getByLabel('Reason').fill('too many errors');
    await page.getByRole('button', { name: 'Hold in Development' }).click();
    await ramp.getByText(/; held by .*: too many errors$/).waitFor();
    await ramp.getByRole('button', { name: 'Resume the ramp of new-checkout in Development' }).waitFor();
    await page
      .getByRole('table')
      .getByRole('link', { name: /Night launch/ })
      .waitFor();
    expect(await findBarriersEverywhere(page)).toEqual([]);
    await page.getByRole('button', { name: 'Month after' }).click();
    await expect
      .poll(() =>
        page
          .getByRole('table')
          .getByRole('link', { name: /Night launch/ })
          .count(),
      )
      .toBe(0);
    await page.getByRole('button', { name: 'List' }).click();
    await page
      .getByRole('list', { name: 'Schedules' })
      .getByRole('link', { name: /Night launch/ })
      .click();
    await page.getByText('Turn the flag on').waitFor();
    expect(await findBarriersEverywhere(page)).toEqual([]);
    const state = async () => (await server.api.call<{ state: string }>('GET', `${project}/schedules/${id}`)).state;
    await page.getByRole('button', { name: 'Pause' }).click();
    await expect.poll(state).toBe('paused');
    await page.getByRole('button', { name: 'Resume' }).click();
    await expect.poll(state).toBe('active');
    await page.getByRole('button', { name: 'Cancel schedule' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel schedule' }).click();
    await expect.poll(state).toBe('cancelled');
    await expect.poll(() => page.getByRole('button', { name: 'Pause' }).count()).toBe(0);
  });

  test('freezes production for a time, sees it in force, and takes it back', async () => {
    const { page } = scene;
    await scene.open();
    await page.keyboard.press('g');
    await page.keyboard.press('d');
    await page.getByText('No environment is frozen, now or later.').waitFor();
    await page.getByRole('button', { name: 'New freeze' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Freeze', exact: true }).click();
    await dialog.getByText('Name it after its reason').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    const local = (ms: number) =>
      new Date(Date.now() + ms - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
    await dialog.getByLabel('Name').fill('Black <Friday>');
    await dialog.getByLabel('From').fill(local(3_600_000));
    await dialog.getByLabel('To').fill(local(-3_600_000));
    await dialog.getByRole('button', { name: 'Freeze', exact: true }).click();
    await dialog.getByText('Choose an end after its beginning.').waitFor();
    await dialog.getByLabel('To').fill(local(7_200_000));
    await dialog.getByRole('button', { name: 'Freeze', exact: true }).click();
    const freezes = page.getByRole('list', { name: 'Freezes' });
    await freezes.getByText('Black <Friday>').waitFor();
    await freezes.getByRole('button', { name: 'Take back Black <Friday> in production' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Take back' }).click();
    await page.getByText('No environment is frozen, now or later.').waitFor();
  });
});
