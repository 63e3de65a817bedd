import { expect, test } from 'vitest';
import { findBarriers, findBarriersEverywhere } from './accessible.ts';
import { describeInBrowser, ownerScene } from './owner-scene.ts';
import { becomeSomeone } from './people.ts';

describeInBrowser('who wants to know that a kill arrives', () => {
  // A browser tells of each answer that there is none, and there are no drills at first.
  const scene = ownerScene({ demo: true, forgiven: /status of 404 .*fire-drill\)/ });

  test('sets drills up, holds one, reads its way step by step, and ends them', async () => {
    const { page, server } = scene;
    await page.goto(`${server.url}/projects/default/on-call?environment=development`);
    await page.getByRole('link', { name: 'Fire drills' }).click();
    await page.getByText('No fire drills are held in Development').waitFor();
    await page.getByText('None was ever held in Development.').waitFor();
    expect(await findBarriersEverywhere(page)).toEqual([]);

    await page.getByRole('button', { name: 'Set up fire drills' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('combobox', { name: 'How often' }).click();
    await page.getByRole('option', { name: 'every day' }).click();
    await dialog.getByLabel('Too slow from, in ms').fill('60000');
    await dialog.getByRole('button', { name: 'Within a window' }).click();
    for (const day of ['Monday', 'Tuesday', 'Wednesday', 'Thursday']) {
      await dialog.getByRole('checkbox', { name: day }).click();
    }
    await dialog.getByLabel('Time zone').fill('Europe/Nowhere');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('Europe/Nowhere').waitFor();
    expect(await findBarriersEverywhere(page)).toEqual([]);
    await dialog.getByLabel('Time zone').fill('Europe/Berlin');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page
      .getByText(
        /Held every day, Fri 09:00–17:00 Europe\/Berlin\. Slower than .* The next: \d{4}-\d\d-\d\d 0[78]:00 UTC/,
      )
      .waitFor();

    await page.getByRole('button', { name: 'Hold one now' }).click();
    const held = page.getByRole('list', { name: 'Fire drills that were held' }).getByRole('listitem').first();
    await held.getByText('passed').waitFor({ timeout: 30_000 });
    await held.getByText('1 of 1 instance').waitFor();
    await held.getByText('Step by step').click();
    await held.getByText('Last receipt').waitFor();
    expect(await findBarriersEverywhere(page)).toEqual([]);

    await page.getByRole('button', { name: 'Hold no more' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Hold no more' }).click();
    await page.getByText('No fire drills are held in Development').waitFor();
    await held.getByText('passed').waitFor();
    scene.forgive(/status of 400 .*fire-drill\)/);
  });

  test('who may only read sees what came of drills, and is offered none', async () => {
    const { page, server } = scene;
    await becomeSomeone(page, server, ['project:read', 'flag:read', 'release:read', 'signal:read']);
    await page.goto(`${server.url}/projects/default/fire-drills`);
    await page.getByText('No fire drills are held in Production').waitFor();
    await expect.poll(() => page.getByRole('button', { name: 'Set up fire drills' }).count()).toBe(0);
    expect(await findBarriers(page)).toEqual([]);
  });
});
