import { beforeAll, expect, test } from 'vitest';
import { findBarriers, findBarriersEverywhere } from './accessible.ts';
import { describeInBrowser, ownerScene } from './owner-scene.ts';
import { becomeSomeone } from './people.ts';

describeInBrowser('who says what alerts lead to', () => {
  const scene = ownerScene();
  let secret: string;

  beforeAll(async () => {
    const { api } = scene.server;
    await api.call('POST', '/projects/default/flags', { key: 'new-checkout', type: 'boolean' });
    ({ secret } = await api.call<{ secret: string }>('POST', '/signal-sources', {
      ...{ key: 'alertmanager', vendor: 'alertmanager', name: 'Alertmanager', project: 'default', mode: 'armed' },
      allow: { action: 'kill' },
    }));
  });

  /** As Alertmanager sends it. */
  async function send(fingerprint: string, labels: Record<string, string>) {
    const sent = await fetch(`${scene.server.url}/signals/alertmanager`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${secret}` },
      body: JSON.stringify({
        ...{ receiver: 'bunting', status: 'firing', version: '4', groupKey: fingerprint, truncatedAlerts: 0 },
        ...{ externalURL: 'http://localhost', groupLabels: {}, commonLabels: {}, commonAnnotations: {} },
        alerts: [
          {
            ...{ status: 'firing', startsAt: new Date().toISOString(), endsAt: '0001-01-01T00:00:00Z', labels },
            ...{ annotations: {}, generatorURL: '', fingerprint },
          },
        ],
      }),
    });
    expect(sent.status).toBeLessThan(300);
  }

  const isKilled = async () => {
    const { environments } = await scene.server.api.call<{ environments: Record<string, { killed?: object }> }>(
      'GET',
      '/projects/default/flags/new-checkout',
    );
    return environments.production?.killed !== undefined;
  };

  test('makes a binding, sees what it would have meant, tries a sample, arms it, and the next alert kills', async () => {
    const { page } = scene;
    await scene.open();
    await send('a', { alertname: 'CheckoutErrors', severity: 'page', service: 'checkout-eu' });
    await send('b', { alertname: 'DiskFull', severity: 'ticket', service: '<b>disk</b>' });
    await page.keyboard.press('g');
    await page.keyboard.press('s');
    await page.getByText('Its alerts lead to nothing yet').waitFor();
    expect(await findBarriersEverywhere(page)).toEqual([]);

    await page.getByRole('button', { name: 'New binding' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Save as a dry run' }).click();
    await dialog.getByText('Name it after what goes wrong').waitFor();
    await dialog.getByText('Enter the name of a label').waitFor();
    await dialog.getByText('Choose a flag.').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await dialog.getByLabel('Name', { exact: true }).fill('Checkout fails');
    await dialog.getByLabel('Key').fill('checkout-fails');
    await dialog.getByLabel('Name of label 1').fill('service');
    await dialog.getByRole('combobox', { name: 'Test of label 1' }).click();
    await page.getByRole('option', { name: 'matches' }).click();
    const meant = dialog.getByRole('region', { name: 'What it would have meant' });
    await dialog.getByLabel('Pattern of label 1').fill('(');
    await dialog.getByRole('button', { name: 'Save as a dry run' }).click();
    await dialog.getByText('is no regular expression').waitFor();
    await dialog.getByLabel('Pattern of label 1').fill('^checkout');
    await meant.getByText('It would have meant 1 of the 2 alerts that came last.').waitFor();
    await meant.getByText('Not meant: its label “service” is “<b>disk</b>”.').waitFor();
    await dialog.getByRole('button', { name: 'Add new-checkout' }).click();
    await dialog.getByRole('checkbox', { name: 'Act in Production' }).click();
    await meant.getByText('kill new-checkout in production').waitFor();
    expect(await findBarriersEverywhere(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Save as a dry run' }).click();
    const row = page.getByRole('list', { name: 'Bindings' }).getByRole('listitem');
    await row.getByText('When service matches ^checkout: kill new-checkout in production.').waitFor();
    await row.getByText('dry run', { exact: true }).waitFor();

    await page.getByRole('button', { name: 'Try a sample' }).click();
    await dialog.getByLabel('Labels').fill('critical');
    await dialog.getByRole('button', { name: 'Try it' }).click();
    await dialog.getByText('Line 1 is no label').waitFor();
    await dialog.getByLabel('Labels').fill('service=checkout-us');
    await dialog.getByRole('button', { name: 'Try it' }).click();
    await dialog.getByText('kill new-checkout in production: dry run: not done').waitFor();
    expect(await findBarriersEverywhere(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Close' }).last().click();

    const signals = page.getByRole('list', { name: 'Signals' });
    await page.getByRole('searchbox', { name: 'Find signals' }).fill('diskfull');
    await expect.poll(() => signals.getByRole('listitem').filter({ hasText: 'CheckoutErrors' }).count()).toBe(0);
    await signals.getByText('<b>disk</b>').waitFor();
    await page.getByRole('button', { name: 'Malformed' }).click();
    await page.getByText('No such signal is kept.').waitFor();
    await page.getByRole('button', { name: 'All', exact: true }).click();
    await page.getByRole('searchbox', { name: 'Find signals' }).fill('');
    const first = signals.getByRole('listitem').filter({ hasText: 'CheckoutErrors' }).first();
    await first.getByRole('button', { name: 'What would it lead to now?' }).click();
    await first.getByRole('region', { name: 'If it came now' }).getByText('before the binding was armed').waitFor();
    expect(await findBarriersEverywhere(page)).toEqual([]);

    await row.getByRole('button', { name: 'Edit Checkout fails' }).click();
    expect(new URL(page.url()).searchParams.get('binding')).toBe('checkout-fails');
    await dialog.getByRole('button', { name: 'Armed' }).click();
    await dialog.getByRole('button', { name: 'Save, armed' }).click();
    await row.getByText('armed', { exact: true }).waitFor();
    expect(await isKilled()).toBe(false);
    await send('c', { alertname: 'CheckoutErrors', service: 'checkout-us' });
    await expect.poll(isKilled).toBe(true);

    await row.getByRole('button', { name: 'Delete Checkout fails' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete binding' }).click();
    await page.getByText('Its alerts lead to nothing yet').waitFor();
  });

  test('who changes what someone else has changed meanwhile is told, and overruns nothing', async () => {
    const { page, server } = scene;
    const binding = await server.api.call<{ key: string }>('POST', '/projects/default/bindings', {
      ...{ key: 'shared', name: 'Shared', source: 'alertmanager', action: 'notify' },
      match: [{ label: 'alertname', in: ['A', 'B, really'] }],
      targets: { flags: { tag: 'checkout' }, environments: { label: 'stage' } },
    });
    // By its address, as a colleague may send it.
    await page.goto(`${server.url}/projects/default/signals?binding=${binding.key}`);
    const dialog = page.getByRole('dialog', { name: 'Binding Shared' });
    await dialog.getByLabel('Name', { exact: true }).fill('Mine');
    await server.api.call('PATCH', '/projects/default/bindings/shared', { name: 'Theirs' });
    await dialog.getByRole('button', { name: 'Save as a dry run' }).click();
    await dialog.getByRole('alert').waitFor();
    scene.forgive(/status of 412/);
    await page.keyboard.press('Escape');
    await page.getByText('When alertname is one of A, B, really: notify flags tagged checkout').waitFor();
    expect(await server.api.call('GET', '/projects/default/bindings/shared')).toMatchObject({
      name: 'Theirs',
      match: [{ label: 'alertname', in: ['A', 'B, really'] }],
    });
  });

  test('who may only read signals sees bindings and tries samples, and is offered no change', async () => {
    const { page, server } = scene;
    await becomeSomeone(page, server, ['project:read', 'flag:read', 'release:read', 'signal:read']);
    await page.goto(`${server.url}/projects/default/signals?bind=true`);
    await page.getByRole('button', { name: 'Try a sample' }).waitFor();
    await expect.poll(() => page.getByRole('button', { name: /New binding|^Edit|^Delete/ }).count()).toBe(0);
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
  });
});
