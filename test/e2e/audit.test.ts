import { readFile } from 'node:fs/promises';
import { beforeAll, expect, test } from 'vitest';
import { findBarriersEverywhere } from './accessible.ts';
import { describeInBrowser, ownerScene } from './owner-scene.ts';
import { becomeSomeone } from './people.ts';

const flag = '/projects/default/flags/new-checkout';
const hostile = `<script>alert(1)</script> ${'ü'.repeat(150)} ‮ 🚩`;

describeInBrowser('who looks into the audit log', () => {
  const scene = ownerScene();

  beforeAll(async () => {
    await scene.server.api.call('POST', '/projects/default/flags', {
      ...{ key: 'new-checkout', name: hostile, type: 'boolean', kind: 'release' },
      variants: [
        { name: 'off', value: false },
        { name: 'on', value: true },
      ],
    });
    await scene.server.api.call('PATCH', `${flag}/environments/development`, { enabled: true });
    await scene.server.api.request('PATCH', `${flag}/environments/production`, JSON.stringify({ enabled: true }), {
      'bunting-comment': encodeURIComponent('Launch <b>today</b>'),
    });
  });

  const events = () => scene.page.getByRole('list', { name: 'Audit events' }).getByRole('listitem');
  const audit = (query = '') => scene.open(`/projects/default/audit${query}`);

  test('finds who turned a flag on in production and why, and undoes it', async () => {
    const { page, server } = scene;
    await scene.open();
    await page.keyboard.press('g');
    await page.keyboard.press('u');
    await page.getByRole('heading', { name: 'Audit log' }).waitFor();
    await page.getByRole('searchbox').fill('launch');
    await expect.poll(() => events().count()).toBe(1);
    await expect.poll(() => new URL(page.url()).search).toContain('search=launch');
    expect(await findBarriersEverywhere(page)).toEqual([]);
    await events().getByText('“Launch <b>today</b>”').waitFor();
    await events().getByText('state off → on').waitFor();
    await events().getByRole('link').click();
    await page.getByRole('heading', { level: 1, name: /changed flag new-checkout/ }).waitFor();
    expect(await findBarriersEverywhere(page)).toEqual([]);

    await page.getByRole('button', { name: 'Undo this change' }).click();
    const dialog = page.getByRole('dialog', { name: 'Undo this change' });
    await dialog.getByText('enabled').waitFor();
    expect(await findBarriersEverywhere(page)).toEqual([]);
    await dialog.getByLabel('Reason').fill('Too early');
    await dialog.getByRole('button', { name: 'Undo', exact: true }).click();
    await page.getByText('Set back: enabled', { exact: true }).waitFor();
    const read = await server.api.call<{ enabled: boolean }>('GET', `${flag}/environments/production`);
    expect(read.enabled).toBe(false);

    // Once more there is nothing left to undo.
    await page.getByRole('button', { name: 'Undo this change' }).click();
    await dialog.getByText(/back already/).waitFor();
    expect(await dialog.getByRole('button', { name: 'Undo', exact: true }).isDisabled()).toBe(true);
  });

  test('a flag tells on its own page what each change made of it, in the same words', async () => {
    const { page, server } = scene;
    const split = (to: number, by?: string) => ({
      split: { ranges: [{ variant: 'on', from: 0, to }], ...(by !== undefined && { by }) },
    });
    const production = `${flag}/environments/production`;
    await server.api.call('PATCH', production, { defaultRule: split(10_000) });
    await server.api.call('PATCH', production, { defaultRule: split(10_000, 'org.id') });
    await page.goto(server.url + flag);
    const entries = page.getByRole('region', { name: 'Audit trail' }).getByRole('listitem');
    await entries.getByText('“Launch <b>today</b>”').waitFor();
    await entries.getByText('state off → on').first().waitFor();
    const was = '10% on, 90% off variant';
    await entries.getByText(`default rule ${was} → ${was}, by org.id`).waitFor();
    expect(await findBarriersEverywhere(page)).toEqual([]);
  });

  test('a change that someone changed again since is not undone, and the page says who did', async () => {
    const { page, server } = scene;
    await scene.open();
    await server.api.call('PATCH', flag, { description: 'first' });
    await server.api.call('PATCH', flag, { description: 'second' });
    await audit('?kind=flag&action=flag.updated');
    await events().nth(1).getByRole('link').click();
    await page.getByRole('button', { name: 'Undo this change' }).click();
    await page
      .getByRole('dialog')
      .getByRole('alert')
      .filter({ hasText: /description/ })
      .waitFor();
    // The refusal is the answer.
    scene.forgive(/status of 409/);
  });

  test('filters are in the address, can be taken away one by one, and what matches nothing says so', async () => {
    const { page } = scene;
    await audit('?kind=flag&environment=development&from=nonsense');
    await expect.poll(() => events().count()).toBe(1);
    await events().getByRole('link').click();
    await page.getByRole('link', { name: 'Its whole history' }).click();
    await expect.poll(() => events().count()).toBeGreaterThan(2);
    await page.getByRole('button', { name: 'Target: new-checkout: take the filter away' }).click();
    await page.getByLabel('From day').focus();
    await page.keyboard.type('01021999', { delay: 40 });
    await expect.poll(() => new URL(page.url()).searchParams.get('from')).toBe('1999-01-02');
    await page.getByLabel('Until day').fill('2001-01-01');
    await page.getByText('No event is like this').waitFor();
    expect(await findBarriersEverywhere(page)).toEqual([]);
    await page.getByRole('button', { name: 'Show all events' }).click();
    await expect.poll(() => events().count()).toBeGreaterThan(2);
    await page.getByRole('button', { name: 'Everywhere' }).click();
    await events().getByText('Owner', { exact: true }).first().waitFor();
  });

  test('the log is verified, and exported as a table and as proof', async () => {
    const { page } = scene;
    await audit();
    await page.getByRole('button', { name: 'Verify' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(/^Intact: \d+ events/).waitFor();
    await dialog.getByRole('rowheader', { name: 'project:default' }).waitFor();
    expect(await findBarriersEverywhere(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Close' }).last().click();

    const download = async (form: string) => {
      await page.getByRole('button', { name: 'Export' }).click();
      await dialog.getByRole('button', { name: form }).click();
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        dialog.getByRole('button', { name: 'Export' }).click(),
      ]);
      await dialog.waitFor({ state: 'hidden' });
      return readFile(await file.path(), 'utf8');
    };
    const table = await download('Table (CSV)');
    expect(table).toMatch(/^at,actorKind/);
    expect(table).toContain('flag.created');
    const [head = '', ...lines] = (await download('Whole chains (JSON lines)')).trim().split('\n');
    expect(JSON.parse(head)).toMatchObject({ export: 'bunting-audit' });
    expect(lines.length).toBeGreaterThan(3);
  });

  test('on paper there are the filters, the events with time and hash, and where the chain ends; nothing that leads elsewhere', async () => {
    const { page } = scene;
    await page.addInitScript(() => {
      globalThis.print = () => document.body.setAttribute('data-printed', '');
    });
    await audit('?kind=flag');
    await events().first().waitFor();
    await page.getByRole('button', { name: 'Print' }).click();
    await page.locator('[data-printed]').waitFor();
    await page.emulateMedia({ media: 'print' });
    const chain = page.getByRole('table', { name: 'Where the chains end' }).getByRole('row').last();
    await chain.getByText('project:default').waitFor();
    await chain.getByText(/^[0-9a-f]{64}$/).waitFor();
    await page.getByText('Kind of target').last().waitFor();
    await events()
      .first()
      .getByText(/^project:default \d+ [0-9a-f]{64}$/)
      .waitFor();
    expect(await page.getByRole('navigation').first().isVisible()).toBe(false);
    expect(await page.getByRole('searchbox').isVisible()).toBe(false);
    expect((await page.pdf({ format: 'A4' })).byteLength).toBeGreaterThan(10_000);
    expect(
      await page
        .getByText(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/)
        .first()
        .isVisible(),
    ).toBe(true);
  });

  test('where the chains end is signed now, shown with its hashes, and verified', async () => {
    const { page } = scene;
    await audit();
    await page.getByRole('link', { name: 'Checkpoints' }).click();
    await page.getByText('Nothing is signed yet').waitFor();
    await page.getByRole('button', { name: 'Sign now' }).click();
    const signed = page.getByRole('list', { name: 'Checkpoints' }).getByRole('listitem');
    await signed.getByText('Checkpoint 1', { exact: true }).click();
    await signed
      .getByRole('row')
      .filter({ hasText: 'project:default' })
      .getByText(/^[0-9a-f]{64}$/)
      .waitFor();
    expect(await findBarriersEverywhere(page)).toEqual([]);
    await page.getByRole('button', { name: 'Verify' }).click();
    await page.getByRole('dialog').getByRole('row').filter({ hasText: 'project:default' }).waitFor();
    expect(await page.getByRole('dialog').getByText('no checkpoint').count()).toBe(0);
  });

  test('who may not read it is not led to it, and is told why it stays closed', async () => {
    const { page, server } = scene;
    await becomeSomeone(page, server, ['project:read', 'flag:read']);
    await page.getByRole('link', { name: 'On call' }).waitFor();
    await expect.poll(() => page.getByRole('link', { name: 'Audit log' }).count()).toBe(0);
    // A page that shows it beside other things leaves it out, and does not even ask.
    await scene.open(flag);
    await page.getByRole('region', { name: 'Discussion' }).getByText('Nobody has said anything yet').waitFor();
    expect(await page.getByRole('region', { name: 'Audit trail' }).count()).toBe(0);
    expect(scene.complaints).toEqual([]);
    await audit();
    const refusal = page.getByRole('alert').filter({ hasText: 'The audit events cannot be shown' });
    await refusal.getByText(/needs the permission audit:read/).waitFor();
    await refusal.getByText(/^request /).waitFor();
    scene.forgive(/status of 403/);
  });
});
