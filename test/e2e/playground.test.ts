import { beforeAll, beforeEach, expect, test } from 'vitest';
import { findBarriers, findBarriersEverywhere } from './accessible.ts';
import { describeInBrowser, ownerScene } from './owner-scene.ts';

const development = '/projects/default/flags/new-checkout/environments/development';

describeInBrowser('who asks what flags answer, and since when', () => {
  const scene = ownerScene();

  beforeAll(async () => {
    for (const key of ['new-checkout', 'quiet']) {
      await scene.server.api.call('POST', '/projects/default/flags', {
        ...{ key, type: 'boolean' },
        variants: [
          { name: 'off', value: false },
          { name: 'on', value: true },
        ],
      });
    }
    await scene.server.api.call('PATCH', development, { enabled: true });
    await scene.server.api.request(
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
  beforeEach(async () => {
    await scene.open('/projects/default/playground');
    await answer('new-checkout').waitFor();
  });

  const answer = (flag: string) =>
    scene.page.getByRole('list', { name: 'Answers' }).getByRole('button', { name: new RegExp(flag) });

  test('types a context, sees what every flag answers it and by which path, and who made it so', async () => {
    const { page } = scene;
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

    // What a change made is set back to what was before it, seen first, and that is taken back.
    const rules = async () => (await scene.server.api.call<{ rules: { id: string }[] }>('GET', development)).rules;
    await changes
      .getByRole('button', { name: /^Set back to before this: new-checkout in Development/ })
      .first()
      .click();
    const dialog = page.getByRole('dialog', { name: /^Set new-checkout back to revision/ });
    await dialog.getByRole('list', { name: 'What changes' }).getByText('Remove rule "VIPs"').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Set back in Development' }).click();
    const messages = page.locator('[data-toast]');
    await messages.getByText(/^new-checkout in Development is as at revision \d+$/).waitFor();
    expect(await rules()).toEqual([]);
    await answer('new-checkout').getByText('off', { exact: true }).waitFor();
    await messages.getByRole('button', { name: 'Undo' }).click();
    await messages.getByText(/^Undone: new-checkout in Development is as at revision/).waitFor();
    expect(await rules()).toMatchObject([{ id: 'vip', name: 'VIPs' }]);

    // All of it is in the address.
    await page.reload();
    await path.getByText('Rule VIPs').waitFor();
    await page.getByRole('button', { name: 'Find the changes that made it so' }).click();
    await changes
      .getByRole('link', { name: /changed flag new-checkout/ })
      .last()
      .click();
    await page.getByRole('heading', { level: 1, name: /changed flag new-checkout/ }).waitFor();
  });

  test('goes back to a revision, and compares two: which answers and which documents differ', async () => {
    const { page } = scene;
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
    await page.getByRole('button', { name: 'All', exact: true }).click();
    await answer('quiet').waitFor();
    await page.getByRole('button', { name: 'Do not compare' }).click();
    await answer('quiet').waitFor();
    await page.getByRole('searchbox').fill('nobody');
    await page.getByText('No flag is like this.').waitFor();
    expect(await findBarriers(page)).toEqual([]);
  });

  test('asks at a moment, by the revision and the kills of then', async () => {
    const { page, server } = scene;
    const before = new Date().toISOString();
    await server.api.call('POST', `${development}/kill`, { reason: 'too many errors' });
    await scene.open(`/projects/default/playground?context={"plan":"pro"}&at=${before}`);
    await answer('new-checkout').getByText('on', { exact: true }).waitFor();
    await page.getByText(/^By revision \d+, which was served then, and the kills of then\.$/).waitFor();
    expect(await page.getByRole('slider', { name: 'At revision' }).count()).toBe(0);
    expect(await findBarriers(page)).toEqual([]);
    await page.getByRole('button', { name: 'Now', exact: true }).click();
    await answer('new-checkout').getByText('off', { exact: true }).waitFor();
    await page.getByRole('slider', { name: 'At revision' }).waitFor();
    await server.api.call('POST', `${development}/rearm`, { reason: 'tried' });
  });
});
