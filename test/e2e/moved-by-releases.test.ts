import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findBarriers, findBarriersEverywhere } from './accessible.ts';
import { describeInBrowser, ownerScene } from './owner-scene.ts';
import { becomeSomeone } from './people.ts';

const development = '/projects/default/environments/development';
const production = '/projects/default/environments/production';

/** Divides requests as it is told. */
let candidatePer100k = 0;
const edge = createServer(async (request, response) => {
  if (request.method === 'POST') ({ candidatePer100k } = (await json(request)) as { candidatePer100k: number });
  response.end(JSON.stringify({ candidatePer100k, up: { candidate: 1, baseline: 3 } }));
});

describeInBrowser('who looks after what releases move', () => {
  const scene = ownerScene({ env: { BUNTING_EGRESS_ALLOW: '127.0.0.1' } });
  let url: string;

  beforeAll(async () => {
    await once(edge.listen(0, '127.0.0.1'), 'listening');
    url = `http://127.0.0.1:${(edge.address() as AddressInfo).port}/`;
  });
  afterAll(() => {
    edge.closeAllConnections();
    edge.close();
  });

  const region = (name: string) => scene.page.getByRole('region', { name, exact: true });
  const button = (name: string) => scene.page.getByRole('button', { name, exact: true });

  test('a traffic target is made by its kind, tried without moving anybody, held by a release, and deleted', async () => {
    const { page, server } = scene;
    await scene.open();
    await page.keyboard.press('g');
    await page.keyboard.press('t');
    await page.getByText('Nothing divides traffic in Development yet').waitFor();
    await button('New target').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('By a map that HAProxy reads the weight from').waitFor();
    await dialog.getByRole('combobox', { name: 'Kind' }).click();
    await page.getByRole('option', { name: 'Webhook' }).click();
    await dialog.getByLabel('Key').fill('edge');
    await dialog.getByRole('button', { name: 'Create target' }).click();
    await dialog.getByText('Fill it in: it is kept sealed.').waitFor();
    await dialog.getByLabel('Address').fill('http://10.1.2.3/');
    await dialog.getByRole('checkbox', { name: 'Who is on a side stays there' }).click();
    await dialog.getByRole('button', { name: 'Make one up' }).click();
    await dialog.getByRole('button', { name: 'Create target' }).click();
    await dialog.getByText(/BUNTING_EGRESS_ALLOW/).waitFor();
    scene.forgive(/status of 400/);
    await dialog.getByLabel('Address').fill(url);
    expect(await findBarriers(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Create target' }).click();

    await page.getByRole('heading', { level: 1, name: 'edge' }).waitFor();
    await region('Now').getByText('0%').waitFor();
    await region('Now').getByText('3 instances up').waitFor();
    await region('What it can do').getByText('Who is on a side stays there, while').waitFor();
    await region('Settings').getByText('kept sealed, never shown').waitFor();
    await button('Test').click();
    await page.getByText(/^A release can steer it: .* Nobody was moved\.$/).waitFor();
    expect(await findBarriersEverywhere(page)).toEqual([]);

    const { id } = await server.api.call<{ id: string }>('POST', '/projects/default/releases', {
      ...{ title: 'Edge <b>2</b>', environment: 'development', strategy: 'canary' },
      traffic: { target: 'edge', candidate: '2.0.0', baseline: '1.9.0' },
      stages: [
        { trafficPer100k: 20_000, soakSeconds: 600, blind: true },
        { trafficPer100k: 100_000, soakSeconds: 600 },
      ],
    });
    await server.api.call('POST', `/projects/default/releases/${id}/commands`, { command: 'start' });
    await region('Now').getByRole('link', { name: 'Edge <b>2</b>' }).waitFor();
    await region('Now').getByText('20%').waitFor();
    expect(await button('Delete').isDisabled()).toBe(true);
    await page.getByRole('list', { name: 'Releases at this target' }).getByText('1.9.0 to 2.0.0').waitFor();
    await server.api.call('POST', `/projects/default/releases/${id}/commands`, { command: 'abort', reason: 'tried' });
    await expect.poll(() => button('Delete').isDisabled(), { timeout: 15_000 }).toBe(false);
    expect(await button('Reset').getAttribute('title')).toBe('The baseline has everyone');

    // As a release that has ended leaves it.
    candidatePer100k = 100_000;
    await button('Test').click();
    await button('Reset').click();
    const question = page.getByRole('alertdialog');
    await question.getByText('100% of requests go to the candidate').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await question.getByRole('button', { name: 'Give the baseline everyone' }).click();
    await page.getByText('The baseline of edge has everyone').waitFor();
    expect(candidatePer100k).toBe(0);
    await region('Now').getByText('0%', { exact: true }).waitFor();

    await button('Edit').click();
    await dialog.getByLabel('Name').fill('The edge');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('The edge').waitFor();
    await page.getByRole('link', { name: 'Traffic targets' }).first().click();
    const row = page.getByRole('list', { name: 'Traffic targets' }).getByRole('listitem').filter({ hasText: 'edge' });
    await row.getByText('up: 1 candidate, 3 baseline').waitFor();
    expect(await findBarriersEverywhere(page)).toEqual([]);
    await row.getByRole('link', { name: 'edge' }).click();
    await button('Delete').click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete target' }).click();
    await page.getByText('Nothing divides traffic in Development yet').waitFor();
    scene.forgive(/status of 404/);
  });

  test('a target that cannot be reached says why, in the list and on its page', async () => {
    const { page, server } = scene;
    await server.api.call('PUT', `${production}/traffic-targets/gone`, {
      ...{ name: 'Gone', kind: 'caddy', settings: { admin: 'http://127.0.0.1:1', id: 'shop' } },
    });
    await scene.open('/projects/default/traffic-targets?environment=production');
    const row = page.getByRole('list', { name: 'Traffic targets' }).getByRole('listitem');
    await row.getByText(/does not answer .* check that it runs/).waitFor();
    await row.getByRole('link', { name: 'gone' }).click();
    await button('Test').click();
    await page.getByText('A release could not steer it').waitFor();
  });

  test('a migration is planned from an example, with what is wrong told at its line, and moved by hand', async () => {
    const { page, server } = scene;
    await server.api.call('POST', '/projects/default/flags', { key: 'books', type: 'string', kind: 'migration' });
    await scene.open();
    await page.keyboard.press('g');
    await page.keyboard.press('m');
    await page.getByText('No database migration in Development yet').waitFor();
    await page.getByRole('link', { name: 'New plan' }).click();
    await page.getByLabel('Key', { exact: true }).fill('books');
    await page.getByLabel('Flag', { exact: true }).fill('books');
    await button('In one database').click();
    const editor = page.getByRole('textbox', { name: 'Phases as JSON' });
    await editor.getByText('orders_new').first().waitFor();
    expect(await findBarriersEverywhere(page)).toEqual([]);
    await button('Create plan').click();
    const problems = page.getByRole('list', { name: 'Problems of the phases' });
    await problems.getByText('is SQL: give the plan database, where it runs').first().waitFor();
    await problems.getByText('Line 6: phases.expand.up[0]').waitFor();
    scene.forgive(/status of 400/);
    await button('The flag alone').click();
    await editor.fill('{"settleSeconds": 0, "phases": {"expand": {"isReversible": "no"}}}');
    await button('Create plan').click();
    await problems.getByText('phases.expand.isReversible').waitFor();
    scene.forgive(/status of 400/);
    await editor.fill('{"settleSeconds": 0, "phases": {"read_new": {"isReversible": false}}}');
    await button('Create plan').click();

    await page.getByRole('heading', { level: 1, name: 'books' }).waitFor();
    const phases = page.getByRole('list', { name: 'Phases', exact: true }).getByRole('listitem');
    await phases.filter({ hasText: 'baseline, now' }).waitFor();
    await phases.filter({ hasText: 'read new, ahead' }).getByText('point of no return').waitFor();
    const ends = page.getByRole('list', { name: 'Where the ways back end' });
    await ends.getByText('once read new is begun: Its plan says that read_new cannot be undone.').waitFor();
    await button('Go here: contract').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Phase stop_old_write is a step of its own').waitFor();
    expect(await dialog.getByRole('button', { name: 'Go to contract' }).isDisabled()).toBe(true);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await button('Go here: dual write').click();
    await dialog.getByText('Let the flag serve dualWrite').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Go to dual write' }).click();
    await phases.filter({ hasText: 'dual write, now' }).waitFor({ timeout: 20_000 });
    const runs = page.getByRole('list', { name: 'Runs' }).getByRole('listitem');
    await runs.filter({ hasText: 'Let the flag serve dualWrite' }).getByText('succeeded').waitFor();
    expect(await findBarriersEverywhere(page)).toEqual([]);

    await button('Pause').click();
    await page.getByLabel('Reason').fill('lunch');
    await page.getByRole('alertdialog').getByRole('button', { name: 'Pause' }).click();
    await page.getByText('Paused by Owner: lunch').waitFor();
    await button('Resume').click();
    await button('Go back: expand').click();
    await dialog.getByText('Out of dual write').waitFor();
    await dialog.getByRole('button', { name: 'Go back to expand' }).click();
    await phases.filter({ hasText: 'expand, now' }).waitFor({ timeout: 20_000 });

    await page.getByRole('link', { name: 'Edit', exact: true }).click();
    await page.getByLabel('Name').fill('Books <b>moved</b>');
    await button('Save').click();
    await page.getByText('Books <b>moved</b>').waitFor();
    await page.getByRole('link', { name: 'Migration plans' }).first().click();
    const row = page.getByRole('list', { name: 'Migration plans' }).getByRole('listitem').filter({ hasText: 'books' });
    await row.getByText('expand').waitFor();
    expect(await findBarriersEverywhere(page)).toEqual([]);
    await row.getByRole('link', { name: 'books' }).click();
    await button('Delete').click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete plan' }).click();
    await page.getByText('No database migration in Development yet').waitFor();
    scene.forgive(/status of 404/);
  });

  test('a plan that a release moves leads to it; who may only read is offered nothing that changes', async () => {
    const { page, server } = scene;
    await server.api.call('POST', `${development}/migration-plans`, { key: 'held', name: 'Held', phases: {} });
    const { id } = await server.api.call<{ id: string }>('POST', '/projects/default/releases', {
      ...{ title: 'Moves it', environment: 'development', strategy: 'migration', migration: { plan: 'held' } },
      stages: [{ migrationPhase: 'expand', soakSeconds: 600 }],
    });
    await server.api.call('POST', `/projects/default/releases/${id}/commands`, { command: 'start' });
    const plan = '/projects/default/environments/development/migration-plans/held';
    await scene.open(plan);
    await region('Phases').getByRole('link', { name: 'Moves it' }).waitFor();
    expect(await button('Go here: backfill').count()).toBe(0);
    await becomeSomeone(page, server, ['project:read', 'flag:read', 'release:read']);
    await scene.open(plan);
    await region('Phases').getByRole('link', { name: 'Moves it' }).waitFor();
    await expect.poll(() => page.getByRole('button', { name: /Pause|Delete|Go / }).count()).toBe(0);
    await expect.poll(() => page.getByRole('link', { name: 'Edit' }).count()).toBe(0);
  });
});
