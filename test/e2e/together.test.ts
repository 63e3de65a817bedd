import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { findBarriers } from './accessible.ts';
import { describeInBrowser, ownerScene } from './owner-scene.ts';
import { becomeSomeone, owner } from './people.ts';

describeInBrowser('several people at one flag', () => {
  const scene = ownerScene({ env: { BUNTING_EGRESS_ALLOW: '127.0.0.1' } });

  beforeAll(async () => {
    const { api } = scene.server;
    await api.call('POST', '/projects/default/flags', { key: 'checkout', type: 'boolean' });
    await api.call('POST', '/signal-sources', {
      ...{ key: 'alertmanager', vendor: 'alertmanager', name: 'Alertmanager', project: 'default' },
      allow: { action: 'kill' },
    });
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

  test('what is typed at one flag is not there at another', async () => {
    const { page, server } = scene;
    await server.api.call('POST', '/projects/default/flags', { key: 'basket', type: 'boolean' });
    await page.goto(server.url + flag);
    const comment = page.getByRole('form', { name: 'New comment' }).getByLabel('Comment');
    await comment.fill('Is it ready?');
    await page.keyboard.press('Control+K');
    await page.getByRole('combobox').fill('basket');
    await page
      .getByRole('option', { name: /basket/ })
      .first()
      .waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'basket' }).waitFor();
    expect(await comment.inputValue()).toBe('');
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

  /** Forms of pages: what is typed into them, and what is there once they are saved. */
  const forms = [
    {
      name: 'a release',
      path: 'releases/new?template=flag-only',
      fill: async (page: Page) => {
        await page.getByLabel('Title').fill('Typed once');
        await page.getByLabel('Find a flag').fill('checkout');
        await page.getByRole('button', { name: 'Add checkout' }).click();
      },
      kept: (page: Page) => page.getByLabel('Title').inputValue(),
      save: 'Create draft',
      saved: (page: Page) => page.getByRole('heading', { level: 1, name: 'Typed once' }),
    },
    {
      name: 'a traffic target',
      path: 'traffic-targets?create=true',
      fill: async (page: Page) => {
        await page.getByLabel('Key', { exact: true }).fill('edge');
        await page.getByRole('dialog').getByLabel('Name').fill('Typed once');
        await page.getByLabel('Runtime API').fill('127.0.0.1:1');
        await page.getByLabel('Map', { exact: true }).fill('/run/shop.map');
        await page.getByLabel('Backend of the candidate').fill('new');
        await page.getByLabel('Backend of the baseline').fill('old');
      },
      kept: (page: Page) => page.getByRole('dialog').getByLabel('Name').inputValue(),
      save: 'Create target',
      saved: (page: Page) => page.getByRole('heading', { level: 1, name: 'edge' }),
    },
    {
      name: 'a migration plan',
      path: 'migration-plans/new',
      fill: async (page: Page) => {
        await page.getByLabel('Key', { exact: true }).fill('books');
        await page.getByRole('textbox', { name: 'Phases as JSON' }).fill('{"settleSeconds": 7, "phases": {}}');
      },
      kept: async (page: Page) =>
        (await page.getByRole('textbox', { name: 'Phases as JSON' }).textContent())?.includes('"settleSeconds": 7')
          ? 'Typed once'
          : 'lost',
      save: 'Create plan',
      saved: (page: Page) => page.getByRole('heading', { level: 1, name: 'books' }),
    },
    {
      name: 'a safeguard',
      path: 'safeguards?environment=development&create=true',
      fill: async (page: Page) => {
        await page.getByLabel('Name', { exact: true }).fill('Typed once');
        await page.getByRole('dialog').getByRole('button', { name: 'Watch checkout' }).click();
      },
      kept: (page: Page) => page.getByLabel('Name', { exact: true }).inputValue(),
      save: 'Save as a dry run',
      saved: (page: Page) => page.getByRole('link', { name: 'Typed once' }),
    },
    {
      name: 'a binding',
      path: 'signals?bind=true',
      fill: async (page: Page) => {
        await page.getByLabel('Name', { exact: true }).fill('Typed once');
        await page.getByLabel('Key', { exact: true }).fill('typed-once');
        await page.getByLabel('Name of label 1').fill('service');
        await page.getByLabel('Value of label 1').fill('shop');
        await page.getByRole('button', { name: 'Add checkout' }).click();
        await page.getByRole('checkbox', { name: 'Act in Production' }).click();
      },
      kept: (page: Page) => page.getByLabel('Name', { exact: true }).inputValue(),
      save: 'Save as a dry run',
      saved: (page: Page) => page.getByRole('list', { name: 'Bindings' }).getByText('Typed once'),
    },
  ] as const;

  test.each(forms)(
    'lose the server, then the session, while they make $name: what was typed stays, and is saved',
    async ({ path, fill, kept, save, saved }) => {
      const { page, server } = scene;
      await page.goto(`${server.url}/projects/default/${path}`);
      await fill(page);
      const button = page.getByRole('button', { name: save, exact: true });

      await page.context().setOffline(true);
      await button.click();
      await page.getByText('The server does not answer. Check').first().waitFor();
      await page.context().setOffline(false);
      await page.getByRole('status', { name: 'Connection' }).getByText('does not answer').waitFor({ state: 'hidden' });
      expect(await kept(page)).toBe('Typed once');

      await page.context().clearCookies();
      // What the page looks up by itself may have told of the end before, and the dialog lie above all else.
      await page.getByRole('button', { name: save, exact: true, includeHidden: true }).dispatchEvent('click');
      const again = page.getByRole('alertdialog', { name: 'Your session has ended' });
      await again.getByLabel('Password').fill(owner.password);
      await page.keyboard.press('Enter');
      await again.waitFor({ state: 'hidden' });
      expect(await kept(page)).toBe('Typed once');
      await button.click();
      await saved(page).first().waitFor();
      // What the browser itself reports of calls that found no server, or no session.
      scene.forgive(/ERR_INTERNET_DISCONNECTED|status of 401/);
    },
  );
});
