import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeFlag, makeKey, split } from '../processes/flags.ts';
import { findBarriers, findBarriersEverywhere } from './accessible.ts';
import { Checkouts } from './checkouts.ts';
import { describeInBrowser, ownerScene } from './owner-scene.ts';
import { becomeSomeone } from './people.ts';

/** Says 41 for whatever it is asked, but for what it does not understand. */
async function startPrometheus() {
  const server = createServer(async (request, response) => {
    let asked = new URL(request.url ?? '', 'http://prometheus').searchParams.toString();
    for await (const piece of request) asked += piece;
    const value = { status: 'success', data: { resultType: 'vector', result: [{ metric: {}, value: [1, '41'] }] } };
    const error = { status: 'error', errorType: 'bad_data', error: 'parse error: unclosed left parenthesis' };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(asked.includes('broken') ? error : value));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

describeInBrowser('who lets things be watched', () => {
  const scene = ownerScene({ env: { BUNTING_EGRESS_ALLOW: '127.0.0.1' } });
  let shop: Checkouts;
  let prometheus: Awaited<ReturnType<typeof startPrometheus>>;

  beforeAll(async () => {
    prometheus = await startPrometheus();
    const { api, url } = scene.server;
    await makeFlag(
      api,
      { key: 'checkout', type: 'boolean' },
      { enabled: true, defaultRule: split({ on: 50, off: 50 }) },
    );
    await makeFlag(api, { key: 'search', type: 'boolean' }, { enabled: true });
    shop = await Checkouts.start(url, (await makeKey(api, 'server')).secret);
  });
  afterAll(async () => {
    await shop?.close();
    prometheus?.server.closeAllConnections();
    prometheus?.server.close();
  });

  const region = (name: string) => scene.page.getByRole('region', { name, exact: true });

  test('sees who gets which variant, has the flag watched, reads the evidence, and arms what it trusts', async () => {
    const { page } = scene;
    await scene.open('/projects/default/safeguards?environment=development');
    const coverage = region('Coverage');
    await coverage.getByRole('button', { name: 'Watch checkout' }).click();
    await page.getByText('3 safeguards watch checkout').waitFor();
    await coverage.getByRole('button', { name: 'Watch search' }).waitFor();

    await scene.open('/projects/default/flags/checkout?environment=development');
    const served = region('Variants served in Development');
    // SDKs tell every 10 s.
    await served
      .getByRole('img', { name: 'Evaluations of checkout in Development by variant, over time' })
      .waitFor({ timeout: 25_000 });
    await served.getByText(/^on [\d,]+ \(\d/).waitFor();
    await served.getByText(/A server began at/).waitFor();
    await served.getByText('As a table').click();
    await served.getByRole('columnheader', { name: 'off' }).waitFor();
    const ran = region('Code paths in Development');
    await ran.getByRole('row', { name: /^on [\d,]+ 0 0 \d/ }).waitFor();
    await ran.getByRole('img', { name: /^Share of runs that failed, each 15 s: flags\.run of checkout/ }).waitFor();
    await ran.getByRole('button', { name: 'Durations' }).click();
    await ran.getByRole('img', { name: /^90% of runs took at most, each 15 s/ }).waitFor();
    await ran.getByText('As a table').click();
    await ran
      .getByRole('cell', { name: /^[\d,]+, 0 failed; 50, 90, 99%: / })
      .first()
      .waitFor();
    await served.getByRole('button', { name: 'Check it from now on' }).click();
    await served.getByText(/^As it should be: [\d,]+ of [\d,]+ subjects got “on” \(.*50% are due\)/).waitFor();
    const crashHere = region('Safeguards in Development').getByRole('listitem').filter({ hasText: 'Crash' });
    await crashHere.getByText(/^on: At today’s traffic it sees a harm of .*×, .*% bad, within 10 minutes/).waitFor();
    expect(await findBarriersEverywhere(page)).toEqual([]);
    await scene.open('/projects/default/flags/search?environment=development');
    await ran.getByText("flags.run('search'").waitFor();

    await scene.open('/projects/default/safeguards?environment=development');
    await coverage.getByRole('button', { name: /^Watched 1/ }).waitFor();
    const crash = page.getByRole('list', { name: 'Safeguards', exact: true }).getByRole('listitem').filter({
      hasText: 'Crash',
    });
    await crash.getByText('at work').waitFor();
    expect(await findBarriersEverywhere(page)).toEqual([]);

    await crash.getByRole('link', { name: 'Crash' }).click();
    const sees = region('What it sees');
    await sees
      .getByRole('img', { name: /^Share of bad ones over time/ })
      .first()
      .waitFor();
    await sees
      .getByRole('img', { name: /^Evidence of harm over time/ })
      .first()
      .waitFor();
    expect(await findBarriers(page)).toEqual([]);

    shop.failing = 40;
    const verdicts = page.getByRole('list', { name: 'Verdicts' });
    await verdicts.getByRole('listitem').filter({ hasText: 'kill: dry run: not done' }).waitFor({ timeout: 25_000 });
    await verdicts.getByRole('link').first().click();
    await region('Why').getByText('The evidence against "no harm" stood at', { exact: false }).waitFor();
    const replay = region('Judged once more');
    await replay.getByText('The same, bit for bit', { exact: false }).waitFor();
    await replay.getByLabel('Alpha, in percent').fill('0.0000001');
    await replay.getByText(/^It would (not have failed|have failed)/).waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await page.goBack();

    await page.getByRole('button', { name: 'Arm', exact: true }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Arm in Development' }).click();
    await page.getByRole('heading', { name: 'Crash', level: 1 }).waitFor();
    const isKilled = async () => {
      const { items } = await scene.server.api.call<{ items: { flag: string; by: { kind: string } }[] }>(
        'GET',
        '/projects/default/environments/development/kills',
      );
      return items.some(({ flag, by }) => flag === 'checkout' && by.kind === 'safeguard');
    };
    await expect.poll(isKilled, { timeout: 20_000 }).toBe(true);
    shop.failing = 0;
  }, 120_000);

  test('writes a safeguard by queries of a data source that it has tried, changes it, and deletes it', async () => {
    const { page } = scene;
    await scene.open('/projects/default/data-sources');
    await page.getByText('Nothing is read from elsewhere yet').waitFor();
    await page.getByRole('button', { name: 'New data source' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name', { exact: true }).fill('Main <b>');
    await dialog.getByLabel('Key').fill('main');
    await dialog.getByLabel('Address').fill('http://10.0.0.1');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog
      .getByText(/10\.0\.0\.1|https/)
      .first()
      .waitFor();
    await dialog.getByLabel('Address').fill(prometheus.url);
    await dialog.getByRole('button', { name: 'Save' }).click();
    const source = page.getByRole('list', { name: 'Data sources' }).getByRole('listitem');
    await source.getByText('No safeguard and no gate reads it.').waitFor();
    await source.getByText('Ask it something').click();
    await source.getByRole('button', { name: 'Ask', exact: true }).click();
    await source.getByText('41', { exact: true }).waitFor();
    await source.getByLabel('Query').fill('broken(');
    await source.getByRole('button', { name: 'Ask', exact: true }).click();
    await source.getByText(/unclosed left parenthesis/).waitFor();
    expect(await findBarriersEverywhere(page)).toEqual([]);

    await scene.open('/projects/default/safeguards?environment=development&create=true');
    await dialog.getByRole('button', { name: 'Save as a dry run' }).click();
    await dialog.getByText('Name it after the harm', { exact: false }).waitFor();
    await dialog.getByText('Choose a flag.').waitFor();
    await dialog.getByLabel('Name', { exact: true }).fill('Queue');
    await dialog.getByRole('button', { name: 'Watch search' }).click();
    await dialog.getByRole('combobox', { name: 'What is measured' }).click();
    await page.getByRole('option', { name: 'Queries of Prometheus' }).click();
    await dialog.getByRole('combobox', { name: 'When it fails' }).click();
    await page.getByRole('option', { name: 'More than a share is bad' }).click();
    await dialog.getByRole('combobox', { name: 'Data source' }).click();
    await page.getByRole('option', { name: 'Main <b>' }).click();
    await dialog.getByLabel('Candidate: all').fill('sum(increase(all[$step]))');
    await dialog.getByLabel('Candidate: bad ones').fill('sum(bad)');
    expect(await findBarriers(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Save as a dry run' }).click();
    await dialog.getByText('must count what happened in a step', { exact: false }).waitFor();
    await dialog.getByLabel('Candidate: bad ones').fill('sum(increase(bad[$step]))');
    await dialog.getByRole('button', { name: 'Save as a dry run' }).click();
    await page.getByRole('link', { name: 'Queue' }).click();

    await page.getByRole('button', { name: 'Edit' }).click();
    await dialog.getByLabel('Name', { exact: true }).fill('Queue of search');
    await dialog.getByRole('button', { name: 'Save as a dry run' }).click();
    await page.getByRole('heading', { name: 'Queue of search', level: 1 }).waitFor();
    await page.getByRole('button', { name: 'Switch off' }).click();
    await page.getByText('It is switched off: nothing is judged.').waitFor();
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete safeguard' }).click();
    await page.getByRole('heading', { name: 'Safeguards', exact: true }).first().waitFor();
    await expect.poll(() => page.getByRole('link', { name: 'Queue of search' }).count()).toBe(0);
    scene.forgive(/status of 400 .*(data-sources|safeguards)\)/);
  });

  test('who may only read sees all of it, and is offered no change', async () => {
    const { page } = scene;
    await becomeSomeone(page, scene.server, ['project:read', 'flag:read', 'release:read', 'signal:read']);
    await scene.open('/projects/default/safeguards?environment=development&create=true');
    await page.getByRole('region', { name: 'Coverage' }).waitFor();
    await expect.poll(() => page.getByRole('button', { name: /New safeguard|^Watch / }).count()).toBe(0);
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    await scene.open('/projects/default/data-sources');
    await page.getByText('Main <b>').waitFor();
    await expect.poll(() => page.getByRole('button', { name: /^Edit|^Delete|New data source/ }).count()).toBe(0);
  });
});
