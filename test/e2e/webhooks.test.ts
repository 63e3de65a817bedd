import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { findBarriers, findBarriersEverywhere } from './accessible.ts';
import { describeInBrowser, ownerScene } from './owner-scene.ts';
import { becomeSomeone } from './people.ts';

describeInBrowser('who lets others hear of changes', () => {
  const scene = ownerScene({ env: { BUNTING_EGRESS_ALLOW: '127.0.0.1' } });
  let receiver: Server;
  /** What the receiver answers. */
  let status: number;

  beforeAll(async () => {
    receiver = createServer((request, response) => {
      request.resume();
      response.writeHead(status).end('<b>thanks</b>');
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => receiver?.close());
  beforeEach(() => {
    status = 200;
  });

  test('makes a webhook, tries it, sees what was delivered and what failed, and delivers it once more', async () => {
    const { page, server } = scene;
    await scene.open();
    await page.keyboard.press('g');
    await page.keyboard.press('w');
    await page.getByText('Nobody else hears of anything').waitFor();
    expect(await findBarriersEverywhere(page)).toEqual([]);
    await page.getByRole('button', { name: 'New webhook' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Create webhook' }).click();
    await dialog.getByText('Enter an address that begins with').waitFor();
    await dialog.getByLabel('Name').fill('On call');
    await dialog.getByLabel('Address').fill(`http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`);
    await dialog.getByRole('button', { name: 'Some actions' }).click();
    await dialog.getByLabel('Actions').fill('flag.*');
    expect(await findBarriers(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Create webhook' }).click();
    await dialog.getByText('whsec_').waitFor();
    await dialog.getByRole('button', { name: 'Test it' }).click();
    await page.getByRole('heading', { level: 1, name: 'On call' }).waitFor();
    await page.getByRole('button', { name: 'Send a test' }).click();
    await page.getByText('The message arrived').waitFor();

    await page.getByRole('button', { name: 'Edit' }).click();
    await dialog.getByLabel('Actions').fill('flag.*, segment.*');
    await dialog.getByRole('checkbox', { name: 'Only in Production' }).click();
    expect(await findBarriers(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('hears of flag.*, segment.* in production').waitFor();
    await page.getByRole('button', { name: 'Edit' }).click();
    await dialog.getByRole('checkbox', { name: 'Only in Production' }).click();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('hears of flag.*, segment.*', { exact: true }).waitFor();

    const deliveries = page.getByRole('list', { name: 'Deliveries' });
    await server.api.call('POST', '/projects/default/flags', { key: 'a', type: 'boolean' });
    await deliveries.getByText('delivered').first().waitFor({ timeout: 15_000 });
    await deliveries.getByText('Its answer').first().click();
    await deliveries.getByText('<b>thanks</b>').first().waitFor();
    expect(await findBarriersEverywhere(page)).toEqual([]);
    await deliveries.getByRole('button', { name: 'Redeliver' }).first().click();
    await page.getByText('1 message will be delivered once more').waitFor();
    status = 500;
    await page.getByRole('button', { name: 'Send a test' }).click();
    await page.getByText('The message did not arrive').first().waitFor();
    await page.getByRole('button', { name: 'Turn off' }).click();
    await page.getByRole('button', { name: 'Turn on' }).waitFor();
    await page.getByRole('button', { name: 'New secret' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Make a new secret' }).click();
    await dialog.getByText('whsec_').waitFor();
    await dialog.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete webhook' }).click();
    await page.getByText('Nobody else hears of anything').waitFor();
    scene.forgive(/status of 404/);
  });

  test('who may not change webhooks is not led to them', async () => {
    const { page, server } = scene;
    await becomeSomeone(page, server, ['project:read', 'flag:read', 'release:read', 'audit:read']);
    await page.getByRole('link', { name: 'Audit log' }).waitFor();
    await expect.poll(() => page.getByRole('link', { name: 'Webhooks' }).count()).toBe(0);
  });
});
