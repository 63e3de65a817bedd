import { beforeAll, expect, test } from 'vitest';
import { fill } from '../bench/lists/fill.ts';
import { findBarriers } from './accessible.ts';
import { describeInBrowser, ownerScene } from './owner-scene.ts';
import { becomeSomeone } from './people.ts';

const flags = 10_000;
describeInBrowser('the list of 10 000 flags', () => {
  const scene = ownerScene();

  beforeAll(async () => {
    await scene.server.stop();
    await fill({ dataDir: scene.server.dataDir }, { flags, auditEvents: 0 });
    await scene.server.restart();
  }, 120_000);
  const list = () => scene.page.getByRole('list', { name: 'Flags' });
  const rows = () => list().getByRole('listitem');
  const links = () => rows().getByRole('link');
  const howMany = () => scene.page.getByRole('status', { name: 'How many' });
  const openList = async () => {
    await scene.open();
    await rows().first().waitFor();
  };
  const focusedFlag = () => scene.page.evaluate(() => document.activeElement?.textContent ?? '');
  const project = '/projects/default';
  async function makeFlag(key: string, facts: object = {}) {
    await scene.server.api.call('POST', `${project}/flags`, { key, type: 'boolean', ...facts });
  }

  test('all are counted, only those near the screen are drawn, and the end can be scrolled to', async () => {
    const { page } = scene;
    await openList();
    await howMany().getByText('10,000 flags').waitFor();
    expect(await rows().count()).toBeLessThan(60);
    const first = await links().first().textContent();
    await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight / 20));
    await expect.poll(() => links().first().textContent()).not.toBe(first);
    expect(await rows().count()).toBeLessThan(60);
    expect(await rows().first().getAttribute('aria-setsize')).toBe(String(flags));
  });

  test('the playground answers for all of them, narrowed as one types and walked by keys alone', async () => {
    const { page } = scene;
    await scene.open(`${project}/playground`);
    const answers = page.getByRole('list', { name: 'Answers' });
    const path = page.getByRole('list', { name: /^Path of / });
    await howMany().getByText('10,000 flags', { exact: true }).waitFor();
    expect(await answers.getByRole('listitem').count()).toBeLessThan(60);
    await page.keyboard.press('/');
    await page.keyboard.type('flag-0900');
    await howMany().getByText('10 of 10,000 flags', { exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.getByRole('combobox', { name: 'Reason' }).click();
    await page.getByRole('option', { name: /^SPLIT/ }).click();
    await howMany()
      .getByText(/^[1-9],\d+ of 10,000 flags$/)
      .waitFor();
    await expect.poll(() => new URL(page.url()).searchParams.get('reason')).toBe('SPLIT');
    expect(await findBarriers(page)).toEqual([]);
    await page.getByRole('combobox', { name: 'Reason' }).click();
    await page.getByRole('option', { name: 'All reasons' }).click();

    await answers.getByRole('button', { name: /flag-00000/ }).waitFor();
    await page.keyboard.press('j');
    for (let at = 0; at < 30; at += 1) await page.keyboard.press('ArrowDown');
    await expect.poll(focusedFlag).toMatch(/^flag-00030/);
    await page.keyboard.press('End');
    await expect.poll(focusedFlag).toMatch(/^flag-09999/);
    const top = () => answers.locator('..').evaluate((scroller) => scroller.scrollTop);
    const before = await top();
    await page.keyboard.press('Enter');
    await path.waitFor();
    await expect.poll(focusedFlag).toContain('Find the changes that made it so');
    await page.keyboard.press('Escape');
    await path.waitFor({ state: 'hidden' });
    await expect.poll(focusedFlag).toMatch(/^flag-09999/);
    expect(await top()).toBe(before);
    await page.keyboard.press('k');
    await expect.poll(focusedFlag).toMatch(/^flag-09998/);
  });

  test('what is typed narrows it at once, and the address keeps it', async () => {
    const { page } = scene;
    await openList();
    await makeFlag('needle-in-the-haystack');
    await page.keyboard.press('/');
    await page.keyboard.type('needle');
    await howMany().getByText('1 flag', { exact: true }).waitFor();
    await expect.poll(() => new URL(page.url()).search).toBe('?search=needle');
    // On a slow machine the address comes later than the next letters: none is taken back.
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: 4 });
    await page.keyboard.type('-in-the-haystack', { delay: 25 });
    await expect.poll(() => new URL(page.url()).search).toBe('?search=needle-in-the-haystack');
    expect(await page.getByRole('searchbox').inputValue()).toBe('needle-in-the-haystack');
    await devtools.detach();
    await page.reload();
    await links().getByText('needle-in-the-haystack').waitFor();
  });

  test('the keyboard goes through it, chooses and opens', async () => {
    const { page } = scene;
    await openList();
    await page.keyboard.press('j');
    const first = await focusedFlag();
    expect(first).toBe(await links().first().textContent());
    for (let at = 0; at < 30; at += 1) await page.keyboard.press('j');
    await expect.poll(focusedFlag).toBe('flag-00030');
    await page.keyboard.press('k');
    await expect.poll(focusedFlag).toBe('flag-00029');
    await page.keyboard.press('x');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await expect.poll(focusedFlag).toBe('flag-00031');
    await page.keyboard.press('Shift+X');
    await page.getByRole('region', { name: 'Chosen flags' }).getByText('3 flags chosen').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('region', { name: 'Chosen flags' }).waitFor({ state: 'hidden' });
    const opened = await focusedFlag();
    await page.keyboard.press('Enter');
    await expect.poll(() => new URL(page.url()).pathname).toBe(`${project}/flags/${opened}`);
  });

  test('filters are in the address, say what is in force, and each can be taken away', async () => {
    const { page, server } = scene;
    await openList();
    await makeFlag('tagged', { tags: ['rare'], kind: 'operational' });
    await page.getByRole('button', { name: 'Filter' }).click();
    const menu = page.getByRole('dialog', { name: 'Filters' });
    await menu.getByLabel('Tag').fill('rare');
    await menu.getByLabel('Tag').press('Enter');
    await howMany().getByText('1 flag', { exact: true }).waitFor();
    await menu.getByRole('switch', { name: /^Killed/ }).click();
    await page.getByText('No flag is like this').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await page.keyboard.press('Escape');
    expect(new URL(page.url()).search).toBe('?tag=rare&killed=true');
    await page.getByRole('button', { name: 'Killed: take the filter away' }).click();
    await links().getByText('tagged').waitFor();
    await page.goto(`${server.url}${project}/flags?tag=rare&off=production&stale=true`);
    const inForce = page.getByRole('list', { name: 'Filters in force' });
    await inForce.getByText('Off in production').waitFor();
    await inForce.getByRole('button', { name: 'Clear filters' }).click();
    await howMany()
      .getByText(/10,00\d flags/)
      .waitFor();
  });

  test('its health is in sight: killed, ramping, in a release', async () => {
    const { page, server } = scene;
    await makeFlag('unwell');
    const place = `${project}/flags/unwell/environments/development`;
    const weights = (on: number) => [
      { variant: 'on', weightPer100k: on },
      { variant: 'off', weightPer100k: 100_000 - on },
    ];
    const steps = [{ atMs: Date.now() + 3_600_000, weights: weights(100_000) }];
    await server.api.call('POST', `${place}/edits`, {
      edits: [
        { kind: 'setRollout', weights: weights(10_000) },
        { kind: 'setSchedule', steps },
      ],
    });
    await server.api.call('POST', `${place}/kill`, { reason: 'errors' });
    const release = await server.api.call<{ id: string }>('POST', `${project}/releases`, {
      title: 'Better soon',
      environment: 'production',
      strategy: 'flag_only',
      flags: [{ flag: 'unwell', candidate: 'on', baseline: 'off' }],
    });
    const at = new Date(Date.now() + 3_600_000).toISOString();
    await server.api.call('POST', `${project}/releases/${release.id}/commands`, { command: 'schedule', at });
    await page.goto(`${server.url}${project}/flags?search=unwell`);
    const row = rows().filter({ hasText: 'unwell' });
    await row.getByText('Killed in Development').waitFor();
    await row.getByText('Changes by time in Development').waitFor();
    await row.getByText('In a release: Better soon').waitFor();
  });

  test('many are tagged and archived together; what the server refuses stays chosen and is told', async () => {
    const { page, server, complaints } = scene;
    for (const key of ['bulk-a', 'bulk-b', 'bulk-c']) await makeFlag(key);
    const needs = { kind: 'addPrerequisite', prerequisite: { flag: 'bulk-a', state: 'on' } };
    await makeFlag('leans-on-a');
    await server.api.call('POST', `${project}/flags/leans-on-a/environments/development/edits`, { edits: [needs] });
    await page.goto(`${server.url}${project}/flags?search=bulk-`);
    await page.getByRole('checkbox', { name: 'Choose 3 loaded flags' }).click();
    const bar = page.getByRole('region', { name: 'Chosen flags' });
    await bar.getByRole('button', { name: 'Tags' }).click();
    const dialog = page.getByRole('dialog', { name: 'Tags of 3 flags' });
    await dialog.getByRole('textbox', { name: 'Tag' }).fill('old');
    await dialog.getByText('All 3 change.').waitFor();
    await dialog.getByRole('button', { name: 'Add tag' }).click();
    await page.getByText('3 flags tagged old').first().waitFor();
    expect(await server.api.call('GET', `${project}/flags/bulk-b`)).toMatchObject({ tags: ['old'] });

    await page.getByRole('checkbox', { name: 'Choose 3 loaded flags' }).click();
    await bar.getByRole('button', { name: 'Archive' }).click();
    const question = page.getByRole('alertdialog', { name: 'Archive 3 flags?' });
    await question.getByRole('button', { name: 'Cancel' }).click();
    await bar.getByRole('button', { name: 'Archive' }).click();
    await question.getByRole('button', { name: 'Archive 3 flags' }).click();
    await page.getByText('2 flags archived').waitFor();
    await page
      .getByRole('list', { name: 'Failed' })
      .getByText(/bulk-a .*leans-on-a/)
      .first()
      .waitFor();
    await bar.getByText('1 flag chosen').waitFor();
    // The browser reports the refusal by itself.
    expect(complaints.splice(0)).toEqual([expect.stringMatching(/status of 409 .*bulk-a\/archive\)$/)]);
  });

  test('many get an owner and are turned off in an environment, which is taken back as far as nobody came between', async () => {
    const { page, server, complaints } = scene;
    for (const key of ['many-a', 'many-b', 'many-c']) await makeFlag(key);
    const at = (key: string) => `${project}/flags/${key}/environments/development`;
    for (const key of ['many-a', 'many-b']) await server.api.call('PATCH', at(key), { enabled: true });
    const isOn = async (key: string) => (await server.api.call<{ enabled: boolean }>('GET', at(key))).enabled;
    await page.goto(`${server.url}${project}/flags?search=many-`);
    const bar = page.getByRole('region', { name: 'Chosen flags' });
    const chooseAll = () => page.getByRole('checkbox', { name: 'Choose 3 loaded flags' }).click();
    await chooseAll();
    await bar.getByRole('button', { name: 'Owner' }).click();
    const owner = page.getByRole('dialog', { name: 'Owner of 3 flags' });
    await owner.getByRole('combobox', { name: 'Owner' }).fill('team-shop');
    await owner.getByRole('button', { name: 'Set the owner' }).click();
    await page.getByText('3 flags owned by team-shop').first().waitFor();
    expect(await server.api.call('GET', `${project}/flags/many-b`)).toMatchObject({ owner: 'team-shop' });

    await chooseAll();
    await bar.getByRole('button', { name: 'Turn off' }).click();
    const off = page.getByRole('dialog', { name: 'Turn 3 flags off' });
    await off.getByText('2 of 3 change; the others are off in Development.').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await off.getByRole('button', { name: 'Turn 2 flags off in Development' }).click();
    await page.getByText('3 flags turned off in Development').first().waitFor();
    expect([await isOn('many-a'), await isOn('many-b')]).toEqual([false, false]);
    const edits = [{ kind: 'setDefaultServe', serve: { variant: 'off' } }];
    await server.api.call('POST', `${at('many-b')}/edits`, { edits });
    await page.keyboard.press('z');
    await page.getByText('Undone: 1 flag turned off in Development').first().waitFor();
    await page
      .getByRole('list', { name: 'Failed' })
      .getByText(/many-b Someone changed it meanwhile/)
      .first()
      .waitFor();
    expect([await isOn('many-a'), await isOn('many-b')]).toEqual([true, false]);
    // The browser reports the refusal by itself.
    expect(complaints.splice(0)).toEqual([expect.stringMatching(/status of 412 .*many-b/)]);
  });

  test('what the list shows is kept as a view, for oneself or for all, and leads back to it', async () => {
    const { page, server } = scene;
    await page.goto(`${server.url}${project}/flags?search=flag-0000&on=production&sort=recent`);
    const views = page.getByRole('dialog', { name: 'Views' });
    const open = (name = 'Views') => page.getByRole('button', { name, exact: true }).click();
    await open();
    await views.getByText('A view keeps a search').waitFor();
    await views.getByRole('button', { name: 'Keep what is shown as a view' }).click();
    const dialog = page.getByRole('dialog', { name: 'Keep as a view' });
    await dialog.getByText('Search: flag-0000 · On in production · Recently changed first').waitFor();
    await dialog.getByLabel('Name', { exact: true }).fill('Mine, newest first');
    await dialog.getByRole('button', { name: 'Keep the view' }).click();
    await page.getByRole('button', { name: 'Mine, newest first', exact: true }).waitFor();
    type View = { name: string; shared: boolean; filter: object };
    const stored = async () => (await server.api.call<{ items: View[] }>('GET', `${project}/flag-views`)).items;

    await page.goto(`${server.url}${project}/flags`);
    await open();
    const own = views.getByRole('region', { name: 'Your views' });
    await own.getByRole('button', { name: 'Share "Mine, newest first" with the project' }).click();
    const shared = views.getByRole('region', { name: 'Views of the project' });
    expect(await findBarriers(page)).toEqual([]);
    await shared.getByRole('link', { name: 'Mine, newest first' }).click();
    await expect.poll(() => new URL(page.url()).search).toBe('?search=flag-0000&on=production&sort=recent');
    await open('Mine, newest first');
    const before = await stored();
    await shared.getByRole('button', { name: 'Delete the view "Mine, newest first"' }).click();
    await views.getByText('A view keeps a search').waitFor();
    expect(await stored()).toEqual([]);
    const toast = page.locator('[data-toast]').filter({ hasText: 'is deleted' });
    await toast.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: 'Mine, newest first', exact: true }).waitFor();
    const [{ name, shared: isShared, filter }] = before as [View];
    expect(await stored()).toMatchObject([{ name, shared: isShared, filter }]);
  });

  test('names that mean harm, or are long or written from the right, do none', async () => {
    const { page, server } = scene;
    const names = ['<script>alert(1)</script>', 'x'.repeat(200), 'علم الميزة', '🚩🏴‍☠️'];
    for (const [at, name] of names.entries()) await makeFlag(`hostile-${at}`, { name });
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: 844 });
      await page.goto(`${server.url}${project}/flags?search=hostile`);
      await page.getByText('<script>alert(1)</script>').waitFor();
      await page.getByText('علم الميزة').waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    }
  });

  test('who may only look is offered nothing to change', async () => {
    const { page, server } = scene;
    await becomeSomeone(page, server, 'viewer');
    await rows().first().waitFor();
    await expect.poll(() => page.getByRole('button', { name: 'New flag' }).count()).toBe(0);
    expect(await page.getByRole('checkbox').count()).toBe(0);
    const toggle = page.getByRole('switch', { name: /^Toggle/ }).first();
    await expect.poll(() => toggle.isDisabled()).toBe(true);
    await scene.open(`${project}/flags/flag-00001`);
    const card = page.getByRole('region', { name: 'Production' });
    await expect.poll(() => card.getByRole('button', { name: 'Kill' }).count()).toBe(0);
    await expect.poll(() => card.getByRole('switch').isDisabled()).toBe(true);
    expect(await page.getByRole('button', { name: 'Archive' }).count()).toBe(0);
  });
});
