import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { type Child, startChild } from '../../tools/child.ts';
import { root } from '../../tools/steps.ts';
import { openPage } from '../processes/browser.ts';
import { serveScript, type TestSite } from '../processes/pages.ts';
import { startServer } from '../processes/server.ts';
import { track } from '../processes/started.ts';
import { findBarriersEverywhere } from './accessible.ts';
import { describeInBrowser, launched } from './owner-scene.ts';
import { owner } from './people.ts';

/** Ignored by git; inside `test`, so that the code finds the packages. */
const folder = join(root, 'test/.examples/first-run');

describeInBrowser('who has just started a server', () => {
  test('comes from the one-time link to flags in their own code, by every way that is offered', async () => {
    const server = await startServer();
    const { page, complaints } = await openPage(launched());
    const running: Child[] = [];
    let site: TestSite | undefined;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const write = (name: string, code: string) => {
      const file = join(folder, name);
      writeFileSync(file, code);
      return file;
    };
    const start = (name: string, code: string) => {
      const child = track(startChild(name, [write(`${name}.mjs`, code)], {}, join(folder, `${name}.log`)));
      running.push(child);
      return child;
    };
    const code = async () => (await page.getByRole('figure').locator('code').textContent()) ?? '';
    const arrived = () => page.getByRole('status').getByText('Your code is there.').waitFor();
    const choose = (way: string) => page.getByRole('button', { name: way, exact: true }).click();
    const makeKey = async () => {
      await page.getByRole('button', { name: 'Make a key for it' }).click();
      await page.getByText('Waiting for your code').waitFor();
    };
    try {
      await page.goto(server.setupUrl);
      await page.getByLabel('Name').fill(owner.name);
      await page.getByLabel('Email').fill(owner.email);
      await page.getByLabel('Password').fill(owner.password);
      await page.getByRole('button', { name: 'Create account' }).click();
      await page.getByRole('heading', { name: 'Connect your code' }).waitFor();
      await page.getByRole('button', { name: 'Create flag' }).click();

      await choose('Node');
      await makeKey();
      expect(await findBarriersEverywhere(page)).toEqual([]);
      const node = start('node', await code());
      await node.line(/^new-checkout: false$/);
      await arrived();
      expect(await findBarriersEverywhere(page)).toEqual([]);
      await page.getByRole('switch', { name: 'Toggle new-checkout in development' }).click();
      await node.line(/^new-checkout: true$/);
      await page.getByText('new-checkout is on in Development', { exact: true }).first().waitFor();

      // The same key serves whatever asks from a server.
      await choose('OpenFeature');
      await start('openfeature', await code()).line(/^new-checkout: true$/);
      await choose('curl');
      const { stdout } = await promisify(execFile)('bash', ['-c', await code()]);
      expect(JSON.parse(stdout)).toMatchObject({ key: 'new-checkout', value: true });

      await choose('React');
      await page.getByRole('button', { name: 'Let pages have it' }).click();
      await page.getByRole('button', { name: 'Let pages have it' }).waitFor({ state: 'hidden' });
      await makeKey();
      site = await serveScript(write('page.tsx', await code()), {});
      const shown = await page.context().newPage();
      await shown.goto(site.url);
      await shown.getByText('new-checkout: true').waitFor();
      await arrived();
      await page.bringToFront();
      await page.getByRole('switch', { name: 'Toggle new-checkout in development' }).click();
      await shown.getByText('new-checkout: false').waitFor();

      await page.getByRole('link', { name: 'who gets it' }).click();
      await page.getByRole('link', { name: 'Connect' }).click();
      await page.getByRole('heading', { name: 'Connect your code' }).waitFor();
      expect(complaints).toEqual([]);
    } finally {
      for (const child of running) await child.stop();
      site?.close();
      await page.context().close();
      await server.remove();
    }
  }, 90_000);
});
