import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { findBarriers } from './accessible.ts';
import { describeInBrowser, ownerScene } from './owner-scene.ts';
import { becomeSomeone } from './people.ts';

describeInBrowser('several people at one flag', () => {
  const scene = ownerScene();

  beforeAll(async () => {
    await scene.server.api.call('POST', '/projects/default/flags', { key: 'checkout', type: 'boolean' });
  });
  const flag = '/projects/default/flags/checkout';
  const inDevelopment = `${flag}/environments/development`;
  const isOn = async () => (await scene.server.api.call<{ enabled: boolean }>('GET', inDevelopment)).enabled;
  const toggle = () => scene.page.getByRole('switch', { name: 'Toggle checkout in development' });

  test('talk about it: a comment is written, changed, read among what changed, and deleted', async () => {
    const { page, server } = scene;
    await page.goto(server.url + flag);
    const discussion = page.getByRole('region', { name: 'Discussion' });
    const comments = discussion.getByRole('list', { name: 'Comments' });
    await discussion.getByText('Nobody has said anything yet').waitFor();
    const write = async (text: string) => {
      await discussion.getByRole('form', { name: 'New comment' }).getByLabel('Comment').fill(text);
      await page.keyboard.press('Control+Enter');
      await comments.getByText(text).waitFor();
    };
    await write('<script>alert(1)</script> is it ready?');
    await toggle().click();
    await page.getByText('checkout is on in Development').first().waitFor();
    await write('It is on now.');
    await comments.getByRole('list', { name: 'Changed in between' }).getByText('Owner changed development').waitFor();
    expect(await findBarriers(page)).toEqual([]);

    const last = comments.getByRole('listitem').first();
    await last.getByRole('button', { name: 'Edit your comment' }).click();
    const edit = last.getByRole('form', { name: 'Edit the comment' });
    await edit.getByLabel('Comment').fill('It is on in development.');
    await edit.getByRole('button', { name: 'Save' }).click();
    await last.getByText('It is on in development.').waitFor();
    await last.getByText('edited').waitFor();
    await last.getByRole('button', { name: 'Delete the comment of Owner' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
    await expect.poll(() => comments.getByText('It is on in development.').count()).toBe(0);
    await page.getByRole('region', { name: 'Audit trail' }).getByText('deleted a comment').waitFor();
  });

  test('see who else is there and edits, by name only who may see people, until they have gone', async () => {
    const { page, server } = scene;
    const other = await scene.openForStranger();
    await becomeSomeone(other, server, 'viewer');
    await page.goto(server.url + inDevelopment);
    await other.goto(server.url + flag);
    const here = (at: Page) => at.getByRole('status', { name: 'Who else is here' });
    await here(page).getByText('Grace is looking at this flag').waitFor();
    await here(other).getByText('1 other is looking at this flag').waitFor();
    await page.getByRole('button', { name: 'Add rule' }).click();
    await here(other).getByText('1 other is editing this flag in Development').waitFor();
    expect(await findBarriers(other)).toEqual([]);
    await other.context().close();
    await expect.poll(() => here(page).getByText('Grace').count(), { timeout: 30_000 }).toBe(0);
  });

  test('take back what they did by a button and by a key, but not what someone has done since', async () => {
    const { page, server } = scene;
    await server.api.call('PATCH', inDevelopment, { enabled: false });
    await page.goto(server.url + flag);
    const messages = page.locator('[data-toast]');
    await toggle().click();
    await messages.getByText('checkout is on in Development').waitFor();
    const undo = messages.getByRole('button', { name: 'Undo' });
    await undo.click();
    await messages.getByText('Undone: checkout is on in Development').waitFor();
    await undo.waitFor({ state: 'hidden' });
    expect(await isOn()).toBe(false);

    await toggle().click();
    await undo.waitFor();
    await page.keyboard.press('z');
    await expect.poll(isOn, { timeout: 5_000 }).toBe(false);
    const { items } = await server.api.call<{ items: { comment?: string }[] }>(
      'GET',
      '/audit?project=default&flag=checkout&limit=1',
    );
    expect(items[0]?.comment).toBe('Undo: checkout is on in Development');

    await undo.waitFor({ state: 'hidden' });
    await toggle().click();
    await undo.waitFor();
    await server.api.call('POST', `${inDevelopment}/edits`, {
      edits: [{ kind: 'setDefaultServe', serve: { variant: 'off' } }],
    });
    await page.keyboard.press('z');
    await messages.getByText('Not undone: checkout is on in Development').waitFor();
    expect(await isOn()).toBe(true);
    // The browser reports the refusal by itself.
    expect(scene.complaints.splice(0)).toEqual([expect.stringMatching(/status of 412/)]);
  });

  test('lose the server in the middle of an edit: nothing typed is lost, and nothing is sent later by itself', async () => {
    const { page, server } = scene;
    const when = { attribute: 'plan', operator: 'in', values: ['pro'] };
    const rule = { id: 'a', name: 'First', when, serve: { variant: 'on' } };
    await server.api.call('POST', `${inDevelopment}/edits`, { edits: [{ kind: 'addRule', rule }] });
    await page.goto(server.url + inDevelopment);
    await page.getByLabel('Name of rule 1').fill('Typed before');
    const changes = page.getByRole('region', { name: 'Changes' });
    const banner = page.getByRole('status', { name: 'Connection' });
    const { version } = await server.api.call<{ version: number }>('GET', inDevelopment);
    await page.context().setOffline(true);
    await banner.getByText('The server does not answer').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await page.getByLabel('Name of rule 1').fill('Typed without a server');
    await changes.getByRole('button', { name: 'Review' }).click();
    const review = page.getByRole('dialog', { name: /Review/ });
    await review.getByRole('button', { name: 'Save in Development' }).click();
    await review.getByText('It is not known whether it was done').waitFor();
    await page.context().setOffline(false);
    await banner.getByText('The server does not answer').waitFor({ state: 'hidden' });
    expect((await server.api.call<{ version: number }>('GET', inDevelopment)).version).toBe(version);
    await review.getByRole('button', { name: 'Save in Development' }).click();
    await page.getByText(/checkout in Development: \d changes? saved/).waitFor();
    const { rules } = await server.api.call<{ rules: { name?: string }[] }>('GET', inDevelopment);
    expect(rules[0]?.name).toBe('Typed without a server');
    await page.locator('[data-toast]').getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => page.getByLabel('Name of rule 1').inputValue(), { timeout: 5_000 }).toBe('First');
    // What the browser itself reports of calls that found no server.
    scene.forgive(/ERR_INTERNET_DISCONNECTED/);
  });
});
