import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchBrowser, openPage } from '../processes/browser.ts';
import { startServer, type TestServer } from '../processes/server.ts';
import { findBarriers, findBarriersEverywhere } from './accessible.ts';
import { setUpOwner, signIn } from './people.ts';

const found = await launchBrowser();
if (!found.browser) console.warn(`browser tests are skipped: ${found.reason}`);

const development = '/projects/default/flags/new-checkout/environments/development';

describe.skipIf(!found.browser)('who asks what flags answer, and since when', () => {
  let server: TestServer;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    server = await startServer();
    const { page: first } = await open();
    await setUpOwner(first, server.setupUrl);
    await first.context().close();
    for (const key of ['new-checkout', 'quiet']) {
      await server.api.call('POST', '/projects/default/flags', {
        ...{ key, type: 'boolean' },
        variants: [
          { name: 'off', value: false },
          { name: 'on', value: true },
        ],
      });
    }
    await server.api.call('PATCH', development, { enabled: true });
    await server.api.request(
      ...(['PATCH', development] as const),
      JSON.stringify({
        rules: [
          {
            ...{ id: 'vip', name: 'VIPs', serve: { variant: 'on' } },
            when: { attribute: 'plan', operator: 'in', values: ['pro'] },
          },
        ],
      }),
      { 'bunting-comment': encodeURIComponent('For <b>pro</b> customers') },
    );
  });
  afterAll(async () => {
    await found.browser?.close();
    await server?.remove();
  });
  beforeEach(async () => {
    ({ page, complaints } = await open());
    await signIn(page, server.url);
    await page.keyboard.press('g');
    await page.keyboard.press('l');
    await answer('new-checkout').waitFor();
  });
  afterEach(async () => {
    await page.context().close();
    expect(complaints).toEqual([]);
  });

  async function open() {
    if (!found.browser) throw new Error(found.reason);
    return openPage(found.browser);
  }

  const answer = (flag: string) =>
    page.getByRole('list', { name: 'Answers' }).getByRole('button', { name: new RegExp(flag) });

  test('types a context, sees what every flag answers it and by which path, and who made it so', async () => {
    await answer('new-checkout').getByText('off', { exact: true }).waitFor();
    await page.getByLabel('Context').fill('{"targetingKey": ');
    await page.getByText('This is no JSON').waitFor();
    await page.getByLabel('Context').fill('{"targetingKey": "ada", "plan": "pro"}');
    await answer('new-checkout').getByText('on', { exact: true }).waitFor();
    expect(await findBarriersEverywhere(page)).toEqual([]);
    await answer('new-checkout').click();
    const path = page.getByRole('list', { name: 'Path of new-checkout' });
    await path.getByText('Rule VIPs: plan is one of "pro"?').waitFor();
    await path.getByText('true: plan is one of "pro" ("pro")').waitFor();
    await page.getByRole('button', { name: 'Find the changes that made it so' }).click();
    const changes = page.getByRole('list', { name: 'Changes, newest first' });
    await changes.getByText('“For <b>pro</b> customers”').waitFor();
    expect(await findBarriersEverywhere(page)).toEqual([]);
    // All of it is in the address.
    await page.reload();
    await path.getByText('Rule VIPs').waitFor();
    await page.getByRole('button', { name: 'Find the changes that made it so' }).click();
    await changes.getByRole('link', { name: /changed flag new-checkout/ }).click();
    await page.getByRole('heading', { level: 1, name: /changed flag new-checkout/ }).waitFor();
  });

  test('goes back to a revision, and compares two: which answers and which documents differ', async () => {
    await page.getByLabel('Context').fill('{"plan": "pro"}');
    await answer('new-checkout').getByText('on', { exact: true }).waitFor();
    await page.getByRole('slider', { name: 'At revision', exact: true }).press('ArrowLeft');
    await answer('new-checkout').getByText('off', { exact: true }).waitFor();
    await expect.poll(() => new URL(page.url()).search).toContain('revision=');
    await page.getByRole('button', { name: 'Now' }).click();
    await answer('new-checkout').getByText('on', { exact: true }).waitFor();
    await page.getByRole('slider', { name: 'Compared with revision' }).press('ArrowLeft');
    await expect.poll(() => page.getByRole('list', { name: 'Answers' }).getByRole('button').count()).toBe(1);
    await page.getByRole('list', { name: 'Differing documents' }).getByText(/rules/).first().waitFor();
    expect(await findBarriersEverywhere(page)).toEqual([]);
    await page.getByRole('button', { name: 'Do not compare' }).click();
    await answer('quiet').waitFor();
    await page.getByRole('searchbox').fill('nobody');
    await page.getByText('No flag is like this.').waitFor();
    expect(await findBarriers(page)).toEqual([]);
  });
});
