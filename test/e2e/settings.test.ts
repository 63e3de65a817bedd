import { expect, test } from 'vitest';
import { findBarriers, findBarriersEverywhere } from './accessible.ts';
import { describeInBrowser, ownerScene } from './owner-scene.ts';

interface Environment {
  readonly key: string;
  readonly name: string;
  readonly requiredApprovals: number;
}

describeInBrowser('who looks after a project', () => {
  const scene = ownerScene();

  const environmentsOf = async (project: string) =>
    (await scene.server.api.call<{ environments: Environment[] }>('GET', `/projects/${project}`)).environments;

  test('makes a project, gives it an environment, moves and protects it, and deletes both', async () => {
    const { page } = scene;
    await scene.open();
    await page.getByRole('button', { name: 'Project: default' }).click();
    await page.getByRole('menuitem', { name: 'New project' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Second Shop');
    expect(await findBarriers(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Create project' }).click();
    await page.getByRole('heading', { level: 1, name: 'Flags' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/projects/second-shop/flags');

    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('button', { name: 'New environment' }).click();
    await dialog.getByLabel('Name').fill('Staging');
    await dialog.getByRole('radio', { name: 'Teal' }).check({ force: true });
    expect(await findBarriers(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Create environment' }).click();
    const environments = page.getByRole('main').getByRole('list', { name: 'Environments' });
    await environments.getByText('staging', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Move Staging up' }).click();
    const keys = async () => (await environmentsOf('second-shop')).map(({ key }) => key);
    await expect.poll(keys).toEqual(['development', 'staging', 'production']);
    await page.getByRole('button', { name: 'Edit Production' }).click();
    await dialog.getByRole('textbox', { name: 'Approvals' }).fill('1');
    await dialog.getByRole('button', { name: 'Save environment' }).click();
    await environments.getByText('1 to approve').waitFor();

    const sampling = page.getByRole('list', { name: 'Sampling by environment' });
    await sampling.getByRole('group', { name: 'What SDKs tell in Staging' }).getByText('Contexts').click();
    await sampling.getByText('Samples of whole contexts').waitFor();
    expect(await findBarriersEverywhere(page)).toEqual([]);

    await page.getByRole('button', { name: 'Delete Staging' }).click();
    const question = page.getByRole('alertdialog');
    await question.getByRole('button', { name: 'Delete environment' }).click();
    await question.getByText('Type staging to go on.').waitFor();
    await question.getByLabel('Type staging to go on').fill('staging');
    await question.getByRole('button', { name: 'Delete environment' }).click();
    await expect.poll(keys).toEqual(['development', 'production']);
    await page.getByRole('button', { name: 'Delete project' }).click();
    await question.getByLabel('Type second-shop to go on').fill('second-shop');
    await question.getByRole('button', { name: 'Delete project' }).click();
    await expect.poll(() => new URL(page.url()).pathname).toBe('/projects/default/flags');
  });

  test('has pages of an environment prove their contexts by a secret that is shown once, and retires it', async () => {
    const { page, server } = scene;
    const proof = () =>
      server.api.call<{ mode: string; secrets: { id: string }[] }>(
        'GET',
        '/projects/default/environments/development/context-proof',
      );
    await scene.open('/projects/default/settings');
    await page.getByRole('button', { name: 'New secret in Development' }).click();
    const shown = page.getByRole('dialog', { name: 'Secret for contexts in Development' });
    await shown.getByText('it cannot be shown again. For servers alone').waitFor();
    await shown.getByText(/^bnt_ctx_/).waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await shown.getByRole('button', { name: 'Done' }).click();
    await shown.waitFor({ state: 'hidden' });

    const mode = page.getByRole('group', { name: 'Proof in Development' });
    await mode.getByText('Required').click();
    const question = page.getByRole('alertdialog');
    await question.getByRole('button', { name: 'Require a proof' }).click();
    await expect.poll(async () => (await proof()).mode).toBe('required');
    // The last secret is needed while a proof is.
    await mode.getByText('Not asked for').click();
    await question.getByRole('button', { name: 'Ask for none' }).click();
    await expect.poll(async () => (await proof()).mode).toBe('off');
    const [secret] = (await proof()).secrets;
    await page.getByRole('button', { name: `Retire secret ${secret?.id}` }).click();
    await question.getByRole('button', { name: 'Retire secret' }).click();
    await expect.poll(async () => (await proof()).secrets).toEqual([]);
    await page.getByText('The proof in Development is changed').first().waitFor();
  });

  test('sees what depends on what, looks at one thing with its neighbours, and reads the same as a table', async () => {
    const { page, server } = scene;
    const production = '/projects/default/environments/production';
    for (const key of ['checkout', 'pricing', 'banner']) {
      await server.api.call('POST', '/projects/default/flags', { key, type: 'boolean' });
    }
    await server.api.call('PUT', `${production}/segments/beta`, {});
    const targeting = (flag: string) => `/projects/default/flags/${flag}/environments/production`;
    const rule = { id: 'one', when: { segment: 'beta' }, serve: { variant: 'on' } };
    await server.api.call('PATCH', targeting('checkout'), { prerequisites: [{ flag: 'pricing', state: 'on' }] });
    await server.api.call('PATCH', targeting('banner'), { rules: [rule] });

    await scene.open();
    await page.keyboard.press('g');
    await page.keyboard.press('v');
    const count = page.getByRole('status', { name: 'How many' });
    await count.getByText('4 things, 2 links').waitFor();
    const drawing = page.getByRole('application', { name: 'Graph of 4 things and 2 links' });
    const drawn = drawing.locator('svg > g');
    await drawing.locator('[data-node="flag:checkout"]').waitFor();
    expect(await findBarriersEverywhere(page)).toEqual([]);
    const before = await drawn.getAttribute('transform');
    await drawing.focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('-');
    expect(await drawn.getAttribute('transform')).not.toBe(before);

    await drawing.locator('[data-node="flag:checkout"]').click();
    const card = page.getByRole('region', { name: 'Flag checkout' });
    await card.getByRole('list', { name: 'Depends on' }).getByText('needs it to be on').waitFor();
    await card.getByRole('button', { name: 'Show only this' }).click();
    await count.getByText('2 things, 1 link').waitFor();
    expect(new URL(page.url()).searchParams.get('node')).toBe('flag:checkout');
    await page.getByRole('searchbox', { name: 'Find in the graph' }).fill('bet');
    await page.getByRole('button', { name: 'beta segment' }).click();
    await page.getByRole('region', { name: 'Segment beta' }).getByRole('button', { name: 'banner' }).waitFor();
    await page.getByRole('button', { name: 'Table', exact: true }).click();
    const table = page.getByRole('region', { name: 'Dependencies' });
    await table.getByRole('link', { name: 'banner' }).waitFor();
    expect(await table.getByRole('row').count()).toBe(2);
    expect(await findBarriers(page)).toEqual([]);
  });
});
