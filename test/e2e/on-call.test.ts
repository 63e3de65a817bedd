import { expect, test } from 'vitest';
import { findBarriers } from './accessible.ts';
import { describeInBrowser, ownerScene } from './owner-scene.ts';
import { becomeSomeone } from './people.ts';

describeInBrowser('what releasers and people on call do', () => {
  const scene = ownerScene({ demo: true });

  const environmentOf = async (flag: string, environment: string) => {
    const read = (await scene.server.api.call('GET', `/projects/default/flags/${flag}`)) as {
      environments: Record<string, { killed?: object; defaultRule: object }>;
    };
    return read.environments[environment];
  };

  test('a release is composed, started, paused, promoted and aborted, and the flag follows', async () => {
    const { page, server } = scene;
    await scene.open();
    await server.api.call('PATCH', '/projects/default/flags/new-checkout/environments/development', {
      ...{ enabled: true, rules: [], defaultRule: { variant: 'off' } },
    });
    await page.keyboard.press('g');
    await page.keyboard.press('r');
    await page.getByText('No release yet').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await page.getByRole('link', { name: 'New release' }).click();
    await page.getByRole('link', { name: 'Progressive rollout' }).click();

    await page.getByRole('button', { name: 'Create draft' }).click();
    await page.getByText('Add the flag that is released.').waitFor();
    await page.getByLabel('Title').fill('One-page checkout');
    await page.getByLabel('Find a flag').fill('new-checkout');
    await page.getByRole('button', { name: 'Add new-checkout' }).click();
    expect(await findBarriers(page)).toEqual([]);
    await page.getByRole('button', { name: 'Create draft' }).click();

    await act('Start');
    const now = page.getByRole('status', { name: 'Now' });
    await now.getByText(/It is watched for \d+ (s|min) more/).waitFor();
    const share = page.getByRole('region', { name: 'Flags' });
    await share.getByText('5%').waitFor();
    expect(await findBarriers(page)).toEqual([]);

    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await page.getByRole('button', { name: 'Pause in Development' }).click();
    await page.getByText('Say why, for those who see it later.').waitFor();
    await page.getByLabel('Reason').fill('Errors at checkout');
    await page.getByRole('button', { name: 'Pause in Development' }).click();
    await now.getByText('Errors at checkout').waitFor();
    await act('Resume');
    await act('Promote');
    await share.getByText('20%').waitFor();

    await page.getByRole('button', { name: 'Abort', exact: true }).click();
    await page.getByLabel('Reason').fill('Not good enough');
    await page.getByRole('button', { name: 'Abort in Development' }).click();
    await now.getByText('Everyone is back at baseline').waitFor();
    await page.getByRole('list', { name: 'Decisions' }).getByText('Not good enough').waitFor();
    await share.getByText('0%', { exact: true }).waitFor();
    expect((await environmentOf('new-checkout', 'development'))?.defaultRule).toMatchObject({
      split: { ranges: [{ from: 0, to: 100_000, variant: 'off' }] },
    });
  });

  test('a flag is killed from anywhere by the keyboard, its time to kill is told, and it is re-armed', async () => {
    const { page, server } = scene;
    await scene.open();
    await page.keyboard.press('Shift+K');
    const dialog = page.getByRole('dialog', { name: 'Kill a flag' });
    await dialog.getByRole('button', { name: 'Development' }).click();
    await dialog.getByLabel('Find a flag').fill('basket-life');
    await dialog.getByRole('button', { name: 'Choose basket-lifetime-hours' }).click();
    await dialog.getByRole('button', { name: 'Kill in Development' }).click();
    await dialog.getByText('Say why, for those who see it later.').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await dialog.getByLabel('Reason').fill('Baskets are lost');
    await dialog.getByRole('button', { name: 'Production' }).click();
    await dialog.getByRole('button', { name: 'Development' }).click();
    expect(await dialog.getByLabel('Reason').inputValue()).toBe('Baskets are lost');
    await dialog.getByLabel('Reason').press('Enter');
    await page.getByText('basket-lifetime-hours in Development is killed').waitFor();
    expect((await environmentOf('basket-lifetime-hours', 'development'))?.killed).toMatchObject({
      reason: 'Baskets are lost',
    });
    // What says so leads to the way back.
    await page.locator('[data-toast]').getByRole('link', { name: 'Re-arm it' }).click();
    const question = page.getByRole('alertdialog', { name: 'Re-arm basket-lifetime-hours in Development?' });
    await question.getByRole('button', { name: 'Cancel' }).click();
    await question.waitFor({ state: 'hidden' });
    expect(new URL(page.url()).search).toBe('');

    await page.goto(`${server.url}/projects/default/on-call?environment=development`);
    const row = page.getByRole('list', { name: 'Killed flags' }).getByRole('listitem');
    await row.getByText('Baskets are lost').waitFor();
    const past = page.getByRole('list', { name: 'Past kills' }).getByRole('listitem').first();
    await past.getByText('1 of 1 instance').waitFor();
    await past.getByText('Step by step').click();
    await past.getByText('Last receipt').waitFor();
    expect(await findBarriers(page)).toEqual([]);

    await row.getByRole('button', { name: 'Re-arm basket-lifetime-hours in Development' }).click();
    await page.getByLabel('Reason').fill('Mended');
    await page.getByRole('button', { name: 'Re-arm in Development' }).click();
    await page.getByText('Nothing is killed').waitFor();
    expect((await environmentOf('basket-lifetime-hours', 'development'))?.killed).toBeUndefined();
  });

  test('the line is stopped in production alone, with a reason, and let go on', async () => {
    const { page, server } = scene;
    await scene.open();
    await page.keyboard.press('g');
    await page.keyboard.press('o');
    const production = page.getByRole('list', { name: 'The line' }).getByRole('listitem').nth(2);
    await production.getByRole('button', { name: 'Stop the line in Production' }).click();
    await page.getByLabel('Reason').fill('An incident');
    await page.getByRole('button', { name: 'Stop the line', exact: true }).click();
    await production.getByText('An incident').waitFor();
    expect(await server.api.call('GET', '/projects/default')).toMatchObject({
      environments: [{ key: 'development' }, { key: 'production', lineStopped: { reason: 'An incident' } }],
    });
    await production.getByRole('button', { name: 'Resume the line in Production' }).click();
    await page.getByLabel('Reason').fill('It is over');
    await page.getByRole('button', { name: 'Let it go on' }).click();
    await production.getByText('Moving.').waitFor();
  });

  test('whoever asked to stop the line stops it, though someone else was quicker', async () => {
    const { page, server } = scene;
    await page.goto(`${server.url}/projects/default/on-call`);
    const line = page.getByRole('list', { name: 'The line' });
    await line.getByRole('button', { name: 'Stop the line in Development' }).click();
    await server.api.call('POST', '/projects/default/stop-the-line', {
      ...{ reason: 'I was quicker', environments: ['development'] },
    });
    await page.getByText('I was quicker').waitFor({ timeout: 20_000 });
    await page.getByLabel('Reason').fill('An incident');
    await page.getByRole('button', { name: 'Stop the line', exact: true }).click();
    await page.getByText('The line is stopped in Development').waitFor();
    expect(await server.api.call('GET', '/projects/default')).toMatchObject({
      environments: [{ key: 'development', lineStopped: {} }, { key: 'production' }],
    });
    await server.api.call('POST', '/projects/default/resume-the-line', {
      ...{ reason: 'It is over', environments: ['development'] },
    });
  });

  test('a source is made in a dry run, its alert arrives with its body, and what it would have done is told', async () => {
    const { page, server } = scene;
    await scene.open();
    const { api } = server;
    await page.keyboard.press('g');
    await page.keyboard.press('s');
    await page.getByText('Nothing sends signals yet').waitFor();
    await page.getByRole('button', { name: 'New source' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Create source' }).click();
    await dialog.getByText('Name it after what sends').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await dialog.getByLabel('Name').fill('Alertmanager');
    await dialog.getByLabel('Key').fill('alertmanager');
    await dialog.getByRole('button', { name: 'Create source' }).click();
    const secret = await dialog.getByRole('figure', { name: 'Secret, shown only here' }).locator('code').textContent();
    expect(await findBarriers(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Done' }).click();
    await page.getByText('It has sent nothing yet').waitFor();

    await page.getByRole('button', { name: 'New secret for Alertmanager' }).click();
    await dialog.getByText('Both are believed meanwhile').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Make a new secret' }).click();
    await dialog.getByText(/^The one before counts until /).waitFor();
    const rotated = await dialog.getByRole('figure', { name: 'Secret, shown only here' }).locator('code').textContent();
    expect(rotated).not.toBe(secret);
    await dialog.getByText(`credentials: ${rotated}`).waitFor();
    await dialog.getByRole('button', { name: 'Done' }).click();
    await page.getByText(/^The secret before counts until /).waitFor();

    await api.call('POST', '/projects/default/bindings', {
      ...{ key: 'checkout-errors', source: 'alertmanager', action: 'kill' },
      match: [{ label: 'alertname', equals: 'CheckoutErrors' }],
      targets: { flags: { label: 'flag' }, environments: { label: 'environment' } },
      mode: 'armed',
    });
    const sent = await fetch(`${server.url}/signals/alertmanager`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${rotated}` },
      body: JSON.stringify({
        ...{ receiver: 'bunting', status: 'firing', version: '4', groupKey: 'g', externalURL: 'http://localhost' },
        ...{ groupLabels: {}, commonLabels: {}, commonAnnotations: {}, truncatedAlerts: 0 },
        alerts: [
          {
            ...{ status: 'firing', startsAt: new Date().toISOString(), endsAt: '0001-01-01T00:00:00Z' },
            labels: { alertname: 'CheckoutErrors', flag: 'new-checkout', environment: 'development' },
            annotations: { summary: 'Checkout fails for <b>one in five</b>' },
            ...{ generatorURL: 'ftp://example.com/x', fingerprint: 'd175c7ae751eccca' },
          },
        ],
      }),
    });
    expect(sent.status).toBeLessThan(300);
    const signal = page.getByRole('list', { name: 'Signals' }).getByRole('listitem').first();
    await signal.getByText('firing Checkout fails for <b>one in five</b>').waitFor();
    await signal.getByText('kill new-checkout in development: dry run: not done').waitFor();
    expect(await signal.getByRole('link').count()).toBe(0);
    await signal.getByText(/^Body/).click();
    await signal.getByText('"groupKey":"g"').waitFor();
    expect(await findBarriers(page)).toEqual([]);

    await page.goto(`${server.url}/projects/default/on-call`);
    const interventions = page.getByRole('list', { name: 'Interventions' });
    await interventions.getByText('dry run: not done').waitFor();
    expect(await interventions.getByRole('link', { name: 'source' }).count()).toBe(0);
    expect(await findBarriers(page)).toEqual([]);
    expect((await environmentOf('new-checkout', 'development'))?.killed).toBeUndefined();
  });

  test('who may only read is offered nothing to release, kill or stop', async () => {
    const { page, server } = scene;
    await becomeSomeone(page, server, 'viewer');
    await page.goto(`${server.url}/projects/default/on-call`);
    await page.getByText('Moving.').first().waitFor();
    await expect.poll(() => page.getByRole('button', { name: /Kill a flag|Stop the line|Re-arm/ }).count()).toBe(0);
    await page.keyboard.press('Shift+K');
    expect(await page.getByRole('dialog').count()).toBe(0);
    await page.goto(`${server.url}/projects/default/releases`);
    await page.getByRole('combobox', { name: 'Phase' }).waitFor();
    await expect.poll(() => page.getByRole('link', { name: 'New release' }).count()).toBe(0);
  });

  /** Presses a button of a release, and confirms. */
  async function act(label: string) {
    await scene.page.getByRole('button', { name: label, exact: true }).click();
    await scene.page.getByRole('button', { name: `${label} in Development` }).click();
  }
});
