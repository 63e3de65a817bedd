import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { findBarriers, findBarriersEverywhere } from './accessible.ts';
import { describeInBrowser, ownerScene } from './owner-scene.ts';
import { becomeSomeone } from './people.ts';
import { readAnew } from './read-anew.ts';

const development = '/projects/default/environments/development';

describeInBrowser('who works with segments', () => {
  const scene = ownerScene();

  const countsOf = async (segment: string) => {
    const { includedCount, excludedCount } = await scene.server.api.call<Record<string, number>>(
      ...(['GET', `${development}/segments/${segment}`] as const),
    );
    return [includedCount, excludedCount];
  };

  test('makes a segment by a condition, is told what is wrong with it, and finds it again', async () => {
    const { page } = scene;
    await scene.open();
    await page.keyboard.press('g');
    await page.keyboard.press('e');
    await page.getByText('No segment in Development yet').waitFor();
    expect(await findBarriersEverywhere(page)).toEqual([]);
    await page.getByRole('button', { name: 'New segment' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Create segment' }).click();
    await dialog.getByText('Use 1 to 100 of a-z').waitFor();
    await dialog.getByLabel('Key').fill('beta');
    await dialog.getByLabel('Name').fill('Beta <b>testers</b>');
    await dialog.getByRole('button', { name: 'Add a condition' }).click();
    await dialog.getByRole('textbox', { name: 'Values of condition 1 of the segment' }).fill('pro');
    await dialog.getByRole('button', { name: 'Create segment' }).click();
    await dialog.getByRole('listitem').filter({ hasText: 'attribute' }).first().waitFor();
    expect(await findBarriersEverywhere(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'JSON', exact: true }).click();
    const json = dialog.getByRole('textbox', { name: 'Condition as JSON' });
    await json.fill('{"attribute": "plan", "operator": "is", "values": ["pro"]}');
    await dialog.getByText('This is no condition: the draft is still as it was before').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await json.fill('{"attribute": "plan", "operator": "in", "values": ["free"]}');
    await dialog.getByRole('button', { name: 'Form', exact: true }).click();
    await dialog.getByText('Reads as: plan is one of "free"').waitFor();
    await dialog.getByRole('button', { name: 'Remove free from' }).click();
    await dialog.getByRole('textbox', { name: 'Values of condition 1 of the segment' }).fill('pro');
    await dialog.getByRole('button', { name: 'Create segment' }).click();
    await page.getByRole('heading', { level: 1, name: 'beta' }).waitFor();
    await page.getByText('plan is one of "pro"').waitFor();
    await page.getByText('Beta <b>testers</b>').waitFor();
    scene.forgive(/status of 400/);
    await page.getByRole('link', { name: 'Segments', exact: true }).first().click();
    await page.getByRole('searchbox').fill('testers');
    await page.getByRole('list', { name: 'Segments' }).getByRole('link', { name: /beta/ }).waitFor();
    await page.getByRole('button', { name: 'New segment' }).click();
    await dialog.getByLabel('Key').fill('beta');
    await dialog.getByRole('button', { name: 'Create segment' }).click();
    await dialog.getByText('beta is there already: open it to change it.').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await page.getByRole('searchbox').fill('nobody');
    await page.getByText('No segment matches “nobody”').waitFor();
    // The server's refusal of the operator.
    scene.forgive(/status of 400/);
  });

  test('adds keys by hand, uploads a file of many, looks for one, takes one out, and takes them along', async () => {
    const { page, server } = scene;
    await server.api.call('PUT', `${development}/segments/early`, {});
    await page.goto(`${server.url}/projects/default/environments/development/segments/early`);
    const keys = page.getByRole('region', { name: 'Keys' });
    await keys.getByText('No key is included').waitFor();
    await keys.getByRole('button', { name: 'Add' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Add keys' }).click();
    await dialog.getByText('Enter at least one key').waitFor();
    await dialog.getByLabel('Keys').fill('ada\ngrace\nada\n🚩 ünï');
    await dialog.getByText('3 keys').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Add keys' }).click();
    await page.getByText('3 keys added').waitFor();
    await keys.getByRole('button', { name: 'Remove grace' }).click();
    await expect.poll(() => countsOf('early')).toEqual([2, 0]);
    expect(await findBarriersEverywhere(page)).toEqual([]);

    await keys.getByRole('button', { name: 'Excluded 0' }).click();
    await keys.getByRole('button', { name: 'Upload' }).click();
    await dialog.getByRole('button', { name: 'Replace keys' }).click();
    await dialog.getByText('Choose a file').waitFor();
    const many = Array.from({ length: 20_000 }, (_, at) => `user-${at}`);
    const file = { name: 'keys.txt', mimeType: 'text/plain', buffer: Buffer.from([...many, 'user-7'].join('\n')) };
    await dialog.getByLabel('File').setInputFiles(file);
    expect(await findBarriers(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Replace keys' }).click();
    await page.getByText('20,000 keys added, 0 removed').waitFor();
    await page.getByText('1 were in the file more than once.').waitFor();
    expect(await countsOf('early')).toEqual([2, 20_000]);

    await keys.getByRole('searchbox').fill('user-19999');
    await expect.poll(() => keys.getByRole('listitem').count()).toBe(1);
    await keys.getByRole('searchbox').fill('user-20000');
    await keys.getByText('“user-20000” is not excluded.').waitFor();

    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      keys.getByRole('button', { name: 'Export' }).click(),
    ]);
    const lines = (await readFile(await saved.path(), 'utf8')).trim().split('\n');
    expect(lines.toSorted()).toEqual(many.toSorted());
    await keys.getByRole('button', { name: 'Remove all' }).click();
    await page.getByRole('button', { name: 'Remove all keys' }).click();
    await page.getByText('20,000 keys removed').waitFor();
  });

  test('sees what uses a segment, and deletes it when nothing does any more', async () => {
    const { page, server } = scene;
    await server.api.call('PUT', `${development}/segments/vip`, {});
    await server.api.call('PUT', `${development}/segments/wide`, { when: { segment: 'vip' } });
    await page.goto(`${server.url}/projects/default/environments/development/segments/vip`);
    const uses = page.getByRole('list', { name: 'Uses' });
    await uses.getByRole('link', { name: 'wide' }).waitFor();
    expect(await page.getByRole('button', { name: 'Delete' }).isDisabled()).toBe(true);
    await server.api.call('PUT', `${development}/segments/wide`, {});
    await page.reload();
    await page.getByText('Nothing yet. A rule of a flag asks').waitFor();
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('button', { name: 'Delete segment' }).click();
    await page.getByText('The segment vip is deleted').waitFor();
    await expect.poll(() => new URL(page.url()).pathname).toBe('/projects/default/segments');
    expect(await page.getByRole('list', { name: 'Segments' }).getByText('vip').count()).toBe(0);
  });

  test('whoever edits what someone else changed meanwhile is told so, and nothing is overwritten', async () => {
    const { page, server } = scene;
    await server.api.call('PUT', `${development}/segments/shared`, { name: 'First' });
    await page.goto(`${server.url}/projects/default/environments/development/segments/shared`);
    await page.getByRole('button', { name: 'Edit' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('Mine');
    await server.api.call('PUT', `${development}/segments/shared`, { name: 'Theirs' });
    // The page behind has read it anew by then; what is typed began from what was there before.
    await expect.poll(() => readAnew(page, 'Theirs')).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('dialog').getByRole('alert').waitFor();
    expect((await server.api.call<{ name: string }>('GET', `${development}/segments/shared`)).name).toBe('Theirs');
    scene.forgive(/status of 412/);
  });

  test('who may only read is offered nothing that changes', async () => {
    const { page, server } = scene;
    await server.api.call('PUT', `${development}/segments/still`, {});
    await becomeSomeone(page, server, ['project:read', 'flag:read', 'release:read']);
    await page.goto(`${server.url}/projects/default/environments/development/segments/still`);
    await page.getByRole('button', { name: 'Export' }).waitFor();
    await expect.poll(() => page.getByRole('button', { name: /Edit|Delete|Add|Upload|Remove/ }).count()).toBe(0);
  });
});
