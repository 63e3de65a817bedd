import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeKey } from '../processes/flags.ts';
import { findBarriers, findBarriersEverywhere } from './accessible.ts';
import { Checkouts } from './checkouts.ts';
import { describeInBrowser, ownerScene } from './owner-scene.ts';

const project = '/projects/default';
const production = `${project}/environments/production`;

/** Divides requests as it is told, and counts a hundred a second. */
class Balancer {
  readonly #server: Server;
  readonly #startMs = Date.now();
  #sinceMs = Date.now();
  candidatePer100k = 0;
  /** Of the candidate's requests, so many are errors. */
  errorShare = 0;
  readonly #counts = { candidate: { requests: 0, errors: 0 }, baseline: { requests: 0, errors: 0 } };

  constructor() {
    this.#server = createServer((request, response) => {
      const pieces: Buffer[] = [];
      request.on('data', (piece: Buffer) => pieces.push(piece));
      request.on('end', () => {
        this.#count();
        if (request.method === 'POST') {
          const wanted = JSON.parse(Buffer.concat(pieces).toString()) as { candidatePer100k: number };
          this.candidatePer100k = wanted.candidatePer100k;
          response.writeHead(204).end();
          return;
        }
        const { candidatePer100k } = this;
        response.end(JSON.stringify({ candidatePer100k, up: { candidate: 2, baseline: 3 }, counts: this.#counts }));
      });
    });
  }

  async listen(): Promise<string> {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** What came since it was counted last. */
  #count(): void {
    const nowMs = Date.now();
    const requests = Math.floor((nowMs - this.#startMs) / 10) - Math.floor((this.#sinceMs - this.#startMs) / 10);
    this.#sinceMs = nowMs;
    const mine = Math.round((requests * this.candidatePer100k) / 100_000);
    this.#counts.candidate.requests += mine;
    this.#counts.candidate.errors += Math.round(mine * this.errorShare);
    this.#counts.baseline.requests += requests - mine;
  }
}

describeInBrowser('who watches releases', () => {
  const scene = ownerScene({ env: { BUNTING_EGRESS_ALLOW: '127.0.0.1' } });
  const balancer = new Balancer();
  let balancerUrl: string;

  beforeAll(async () => {
    balancerUrl = await balancer.listen();
    await scene.server.api.call('PUT', `${production}/traffic-targets/shop`, {
      ...{ name: 'Shop', kind: 'webhook', settings: { url: balancerUrl, counts: true } },
      secrets: { secret: `whsec_${'A'.repeat(32)}` },
    });
  });
  afterAll(() => balancer.close());

  const draft = async (release: object) => {
    const { id } = await scene.server.api.call<{ id: string }>('POST', `${project}/releases`, release);
    return id;
  };
  const start = async (release: object) => {
    const id = await draft(release);
    await scene.server.api.call('POST', `${project}/releases/${id}/commands`, { command: 'start' });
    return id;
  };
  const region = (name: string) => scene.page.getByRole('region', { name, exact: true });
  const stages = () => scene.page.getByRole('list', { name: 'Stages' }).getByRole('listitem');

  test('a canary shows traffic and its gates with what they base it on, is steered, and goes back by itself', async () => {
    const { page } = scene;
    await scene.open();
    const gate = {
      ...{ kind: 'sequential', of: { kind: 'traffic' }, everySeconds: 1, minRequests: 20 },
    };
    await start({
      ...{ title: 'Shop 2', environment: 'production', strategy: 'canary' },
      traffic: { target: 'shop', candidate: '2.0.0', baseline: '1.9.3' },
      watch: [{ ...gate, name: 'Errors of <b>version 2</b>', test: { kind: 'crash', alpha: 0.01, atMost: 0.05 } }],
      stages: [
        {
          ...{ name: 'Few', trafficPer100k: 20_000, soakSeconds: 600, blind: true },
          gates: [{ ...gate, name: 'No worse than 1.9.3', test: { kind: 'relative_risk', alpha: 0.01, tolerance: 2 } }],
        },
        { trafficPer100k: 100_000, soakSeconds: 600, approvals: 1 },
      ],
    });
    await page.getByRole('link', { name: 'Releases', exact: true }).first().click();
    await page.getByText('version 2.0.0 at shop').waitFor();
    await page.getByRole('link', { name: 'Shop 2' }).click();

    await stages().filter({ hasText: 'Few, now' }).getByText('20%').waitFor();
    await stages().filter({ hasText: 'Stage 2' }).getByText('1 to approve').waitFor();
    await region('Traffic').getByText('20%', { exact: true }).waitFor();
    await region('Over time').getByRole('img', { name: 'Shares of the candidate over time' }).waitFor();
    await region('Traffic').getByText('2 instances up').waitFor();
    const watched = region('Gates').getByRole('listitem').filter({ hasText: 'Errors of <b>version 2</b>' });
    await watched.getByText('passed').waitFor({ timeout: 20_000 });
    await watched.getByText(/^Evidence: \d+ looks with data/).click();
    await watched.getByRole('img', { name: /^Share of bad ones over time/ }).waitFor();
    await watched.getByRole('img', { name: /^Evidence of harm over time/ }).waitFor();
    await watched.getByText('fails at 100', { exact: true }).waitFor();
    await watched.getByText('As a table').click();
    await watched
      .getByRole('cell', { name: /^0 of \d+ bad \(0%\)$/ })
      .first()
      .waitFor();
    expect(await findBarriersEverywhere(page)).toEqual([]);

    await page.getByRole('button', { name: 'Set share' }).click();
    await page.getByLabel('Share of the candidate, traffic').fill('40');
    await page.getByRole('button', { name: 'Set share in Production' }).click();
    await region('Traffic').getByText('40%', { exact: true }).waitFor();
    await expect.poll(() => balancer.candidatePer100k).toBe(40_000);
    await page
      .getByRole('status', { name: 'Now' })
      .getByText(/by Owner/)
      .waitFor();
    await page.getByRole('button', { name: 'Resume', exact: true }).click();
    await page.getByRole('button', { name: 'Resume in Production' }).click();

    balancer.errorShare = 0.5;
    await watched.getByText('failed', { exact: true }).first().waitFor({ timeout: 20_000 });
    await page.getByText('Everyone is back at baseline.').first().waitFor();
    await stages().filter({ hasText: 'Few, taken back' }).waitFor();
    await region('Traffic').getByText('0%', { exact: true }).waitFor();
    expect(balancer.candidatePer100k).toBe(0);
    balancer.errorShare = 0;
    expect(await findBarriersEverywhere(page)).toEqual([]);
    const exported = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Export' }).click();
    expect((await exported).suggestedFilename()).toMatch(/^release-.*\.json$/);
  });

  test('where a flag makes the new version worse, the page says which of both is to blame, by what, and what was taken back', async () => {
    const { page, server } = scene;
    await server.api.call('POST', `${project}/flags`, { key: 'checkout', type: 'boolean' });
    const off = { enabled: true, defaultRule: { variant: 'off' } };
    await server.api.call('PATCH', `${project}/flags/checkout/environments/production`, off);
    const { secret } = await makeKey(server.api, 'server', 'production');
    const [former, present] = await Promise.all(
      ['1.9.3', '2.0.0'].map((version) => Checkouts.start(server.url, secret, version)),
    );
    try {
      const id = await start({
        ...{ title: 'Shop 2 with its checkout', environment: 'production', strategy: 'canary' },
        flags: [{ flag: 'checkout', candidate: 'on', baseline: 'off' }],
        traffic: { target: 'shop', candidate: '2.0.0', baseline: '1.9.3' },
        stages: [
          { trafficPer100k: 20_000, flagsPer100k: 20_000, soakSeconds: 600, blind: true },
          { trafficPer100k: 100_000, flagsPer100k: 100_000, soakSeconds: 600 },
        ],
      });
      if (present) present.failing = 30;
      await scene.open(`${project}/releases/${id}`);
      const verdict = region('Who is to blame').getByRole('listitem');
      await verdict.getByText('The flag made it worse, the deploy did not').waitFor({ timeout: 30_000 });
      await verdict.getByText(/traffic stayed at 20%, for a person to decide/).waitFor();
      await region('Evidence against the flag checkout')
        .getByRole('img', { name: /^Evidence of harm over time/ })
        .waitFor();
      await region('Evidence against the deploy, by checkout').getByText('not found guilty').waitFor();
      expect(await findBarriersEverywhere(page)).toEqual([]);
      await server.api.call('POST', `${project}/releases/${id}/commands`, { command: 'abort', reason: 'seen' });
      await page.getByText('Everyone is back at baseline.').first().waitFor({ timeout: 20_000 });
    } finally {
      await Promise.all([former?.close(), present?.close()]);
    }
  });

  test('a migration shows its phases, what rests on which stage, and from where on there is no way back', async () => {
    const { page, server } = scene;
    await scene.open();
    await server.api.call('POST', `${project}/flags`, { key: 'orders', type: 'string', kind: 'migration' });
    await server.api.call('POST', `${production}/migration-plans`, {
      ...{ key: 'orders', name: 'Orders in two tables', flag: 'orders', phases: {} },
    });
    await start({
      ...{ title: 'Orders', environment: 'production', strategy: 'migration', migration: { plan: 'orders' } },
      stages: [
        { migrationPhase: 'dual_write', soakSeconds: 600 },
        { migrationPhase: 'read_only_new', soakSeconds: 600 },
        { migrationPhase: 'stop_old_write', soakSeconds: 600 },
      ],
    });
    await page.getByRole('link', { name: 'Releases', exact: true }).first().click();
    await page.getByText('plan orders').waitFor();
    await page.getByRole('link', { name: 'Orders' }).click();
    const phases = page.getByRole('list', { name: 'Phases of the migration' }).getByRole('listitem');
    await phases.filter({ hasText: 'dual write, now' }).getByText('by stage 1').waitFor({ timeout: 20_000 });
    await phases.filter({ hasText: 'expand, done' }).waitFor();
    await phases.filter({ hasText: 'stop old write, ahead' }).getByText('point of no return').waitFor();
    await stages().filter({ hasText: 'Stage 3' }).getByText('no way back from here').waitFor();
    expect(await findBarriersEverywhere(page)).toEqual([]);

    await page.getByRole('button', { name: 'Promote fully' }).click();
    await page
      .getByRole('alertdialog')
      .getByText(/There is no way back from stage 3 on: /)
      .waitFor();
    await page.getByRole('button', { name: 'Promote fully in Production' }).click();
    // Not before it is said that one knows it.
    await page.getByRole('checkbox', { name: 'I know that there is no way back' }).waitFor();
    await page.getByRole('button', { name: 'Cancel', exact: true }).click();
    await page.getByRole('button', { name: 'Abort', exact: true }).click();
    await page.getByLabel('Reason').fill('Not today');
    await page.getByRole('button', { name: 'Abort in Production' }).click();
    await phases.filter({ hasText: 'expand, now' }).waitFor({ timeout: 20_000 });
    await page.getByText('Everyone is back at baseline.').first().waitFor();

    // What removes data has the plan's key typed; and it does not wait for a plan that is elsewhere.
    const contract = await draft({
      ...{ title: 'Drop the old table', environment: 'production', strategy: 'migration' },
      ...{ migration: { plan: 'orders' }, stages: [{ migrationPhase: 'contract', soakSeconds: 0 }] },
    });
    await page.goto(`${server.url}/projects/default/releases/${contract}`);
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    const dialog = page.getByRole('alertdialog');
    await dialog.getByText(/^There is no way back from stage 1 on: /).waitFor();
    await dialog.getByRole('button', { name: 'Start in Production' }).click();
    await dialog.getByText('Type orders to go on.').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await dialog.getByLabel('Type orders to remove what is old').fill('orders');
    await dialog.getByRole('button', { name: 'Start in Production' }).click();
    await page
      .getByRole('status', { name: 'Now' })
      .getByText(/goes to contract only from stop old write/)
      .waitFor();
    await region('Decisions')
      .getByText(/Migration plan "orders" is at expand, and goes to contract only from stop old write/)
      .waitFor();
  });

  test('a draft says what its gates would see in each stage, before anyone starts it', async () => {
    const { page, server } = scene;
    await scene.open();
    await server.api.call('POST', `${project}/flags`, { key: 'one-page', type: 'boolean' });
    const id = await draft({
      ...{ title: 'One-page checkout', environment: 'production', strategy: 'flag_only' },
      flags: [{ flag: 'one-page', candidate: 'on', baseline: 'off' }],
      stages: [
        {
          ...{ flagsPer100k: 5_000, soakSeconds: 60 },
          gates: [
            {
              ...{ kind: 'sequential', name: 'Errors', of: { kind: 'flag' } },
              test: { kind: 'crash', alpha: 0.01, atMost: 0.05 },
            },
          ],
        },
        { flagsPer100k: 100_000, soakSeconds: 60 },
      ],
    });
    await page.goto(`${server.url}/projects/default/releases/${id}`);
    const sees = region('What it would see').getByRole('list', { name: 'What each stage would see' });
    await sees.getByText(/^Errors: .+/).waitFor();
    await region('What it would see')
      .getByText(/is 1% at most/)
      .waitFor();
    expect(await findBarriersEverywhere(page)).toEqual([]);
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.getByRole('button', { name: 'Start in Production' }).click();
    await region('What it would see').waitFor({ state: 'hidden' });
  });

  test('a draft is edited, and who saved something else meanwhile is not overrun unasked', async () => {
    const { page, server } = scene;
    await server.api.call('POST', `${project}/flags`, { key: 'basket', type: 'boolean' });
    const release = {
      ...{ title: 'Basket', environment: 'production', strategy: 'flag_only' },
      flags: [{ flag: 'basket', candidate: 'on', baseline: 'off' }],
      stages: [{ flagsPer100k: 100_000, soakSeconds: 60 }],
    };
    const id = await draft(release);
    await page.goto(`${server.url}/projects/default/releases/${id}`);
    await page.getByRole('link', { name: 'Edit', exact: true }).click();
    await page.getByRole('form', { name: 'Edit draft' }).getByLabel('Title').fill('A better basket');
    expect(page.url()).toContain(`edit=`);
    // Stages are put in between, and in another order by the keyboard alone.
    await page.getByRole('button', { name: 'More for stage 1' }).click();
    await page.getByRole('menuitem', { name: 'Insert a stage before' }).click();
    await page.getByLabel('Flags of stage 1').fill('20');
    await page.getByRole('button', { name: 'Move stage 1' }).focus();
    for (const [key, said] of [
      ['Space', 'Picked up stage 1 of 2.'],
      ['ArrowDown', 'It is over stage 2 of 2.'],
      ['Space', 'It is stage 2 of 2 now.'],
    ] as const) {
      await page.keyboard.press(key);
      await page.getByText(said).waitFor({ state: 'attached' });
    }
    await expect.poll(() => page.getByLabel('Flags of stage 2').inputValue()).toBe('20');
    expect(await findBarriers(page)).toEqual([]);
    await page.getByRole('button', { name: 'More for stage 2' }).click();
    await page.getByRole('menuitem', { name: 'Move up' }).click();
    await server.api.call('PUT', `${project}/releases/${id}`, { ...release, bakeSeconds: 60 });
    await page.getByRole('button', { name: 'Save draft' }).click();
    await page.getByText('Someone else has edited this draft meanwhile').waitFor();
    scene.forgive(/status of 412/);
    await page.getByRole('button', { name: /^Go on with mine/ }).click();
    await page.getByRole('button', { name: 'Save draft' }).click();
    await page.getByRole('heading', { name: 'A better basket' }).waitFor();
    await region('Decisions').getByText('Edited.').nth(1).waitFor();
  });

  test('a release is composed from a template, with the linter beside each stage, kept, made, duplicated and found', async () => {
    const { page } = scene;
    await page.goto(`${scene.server.url}/projects/default/releases/new`);
    await page.getByRole('link', { name: 'Canary', exact: true }).waitFor();
    expect(await page.getByRole('list').last().getByRole('listitem').count()).toBe(11);
    expect(await findBarriers(page)).toEqual([]);
    await page.getByRole('link', { name: 'Canary', exact: true }).click();

    await page.getByRole('button', { name: 'Create draft' }).click();
    await page.getByText('Choose what divides the requests.').waitFor();
    await page.getByLabel('Title').fill('Shop <b>3</b>');
    await page.getByRole('button', { name: 'Production' }).click();
    await choose('Traffic target', 'Shop (shop)');
    await page.getByLabel('Version that answers now').fill('2.0.0');
    await page.getByLabel('Version that is released').fill('3.0.0');
    const ofStages = page.getByRole('list', { name: 'Stages of the release' });
    await ofStages.getByText(/^errors, watched: 5 % for/).waitFor();
    await page.getByText(/is taken back although it does no harm is/).waitFor();

    await page.getByLabel('Traffic of stage 2').fill('1');
    await ofStages.getByText('The share of traffic must be at least 5%, that of the stage before').waitFor();
    await page.getByLabel('Traffic of stage 2').fill('25');
    await page.getByLabel('How long stage 2 is watched').fill('1h 30m');
    await page.getByRole('button', { name: 'Add gate, Stage 1' }).click();
    await page.getByRole('menuitem', { name: /^Readiness/ }).click();
    await page.getByRole('button', { name: 'Add gate', exact: true }).click();
    await page.getByText('Name an address at least.').waitFor();
    await page.getByLabel('Addresses').fill(balancerUrl);
    await page.getByRole('button', { name: 'Try it now' }).click();
    await page.getByText('1 of 1 instances are ready').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await page.getByRole('button', { name: 'Add gate', exact: true }).click();
    await ofStages.getByText('Asks whether all instances are ready, at one address.').waitFor();
    await ofStages.getByText('must be at least 5%').waitFor({ state: 'hidden' });
    expect(await findBarriersEverywhere(page)).toEqual([]);

    // What was composed outlives a reload.
    await page.reload();
    await page.getByText('It takes 2 h 10 min at least').waitFor();
    await page.getByRole('button', { name: 'Save as template' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('Our canary');
    await page.getByRole('button', { name: 'Save template' }).click();
    await page.getByText('Our canary is kept as a template').waitFor();
    await page.getByRole('button', { name: 'Create draft' }).click();
    await page.getByRole('heading', { name: 'Shop <b>3</b>' }).waitFor();
    await stages().filter({ hasText: 'Stage 2' }).getByText('watched for 1 h 30 min').waitFor();
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.getByRole('button', { name: 'Start in Production' }).click();

    await page.getByRole('link', { name: 'Duplicate' }).click();
    await page.getByRole('region', { name: 'Traffic' }).getByLabel('Version that is released').waitFor();
    expect(await page.getByLabel('Version that is released').inputValue()).toBe('3.0.0');
    await page.getByRole('link', { name: 'Choose a template instead' }).click();
    const own = region('Of this project');
    await own.getByRole('link', { name: 'Our canary' }).waitFor();
    await own.getByRole('button', { name: 'Delete the template Our canary' }).click();
    await page.getByRole('button', { name: 'Delete template' }).click();
    await own.waitFor({ state: 'hidden' });

    await draft({
      ...{ title: 'Next year', environment: 'production', strategy: 'canary' },
      traffic: { target: 'shop', candidate: '4.0.0', baseline: '3.0.0' },
      stages: [{ trafficPer100k: 100_000, soakSeconds: 60 }],
    });
    await page.getByRole('link', { name: 'Releases', exact: true }).first().click();
    await region('Under way').getByRole('link', { name: 'Shop <b>3</b>' }).waitFor();
    await region('Releases').getByRole('link', { name: 'Next year' }).waitFor();
    await page.getByRole('searchbox', { name: 'Find by title' }).fill('next YEAR');
    await expect.poll(() => region('Under way').count()).toBe(0);
    await region('Releases').getByRole('link', { name: 'Next year' }).waitFor();
    expect(page.url()).toContain('search=');
  });

  /** Takes one of what a list offers. */
  async function choose(label: string, option: string) {
    await scene.page.getByRole('combobox', { name: label }).click();
    await scene.page.getByRole('option', { name: option }).click();
  }
});
