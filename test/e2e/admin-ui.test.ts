import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { startShop } from '../processes/shop.ts';
import { findBarriers, findBarriersEverywhere } from './accessible.ts';
import { describeInBrowser, ownerScene } from './owner-scene.ts';
import { owner, tryToSignIn } from './people.ts';

describeInBrowser('in a real browser', () => {
  const scene = ownerScene({ demo: true });

  /** The shop in a page of its own, as a browser that keeps its cookies. */
  async function visitShop(path = '/'): Promise<Page> {
    const shopPage = await scene.page.context().newPage();
    await shopPage.goto(scene.shop.url + path);
    return shopPage;
  }

  test('the one-time link works once', async () => {
    const page = await scene.openForStranger();
    await page.goto(scene.server.setupUrl);
    await page.getByRole('heading', { name: 'Already set up' }).waitFor();
  });

  test('a wrong password is told as such, and the right one then works', async () => {
    const page = await scene.openForStranger();
    await page.goto(scene.server.url);
    await tryToSignIn(page, 'wrong horse battery staple');
    await page
      .getByRole('alert')
      .filter({ hasText: /password/i })
      .waitFor();
    await tryToSignIn(page, owner.password);
    await page.getByRole('heading', { name: 'Flags', exact: true }).waitFor();
  });

  test('someone who is invited sets a password by the link, once, and sees what they were granted', async () => {
    const { page, server } = scene;
    await scene.open();
    const path = await page.evaluate(async () => {
      const post = async (at: string, body: object) => {
        const headers = { 'content-type': 'application/json' };
        return (await fetch(`/api/v1${at}`, { method: 'POST', headers, body: JSON.stringify(body) })).json();
      };
      const { user, link } = await post('/users', { email: 'grace@example.com', name: 'Grace' });
      const subject = { kind: 'user', id: user.id };
      await post('/grants', { subject, role: 'viewer', project: 'default' });
      return link.path as string;
    });
    const guest = await scene.openForStranger();
    await guest.goto(server.url + path);
    await guest.getByLabel('Password').fill('too short');
    await guest.getByRole('button', { name: 'Set password' }).click();
    await guest.getByText('Use at least 12 characters.').waitFor();
    await guest.getByLabel('Password').fill('a long enough password');
    await guest.getByRole('button', { name: 'Set password' }).click();
    await guest.getByRole('heading', { name: 'Flags', exact: true }).waitFor();
    expect(scene.complaints).toEqual([]);
    await guest.goto(server.url + path);
    await guest.getByLabel('Password').fill('a long enough password');
    await guest.getByRole('button', { name: 'Set password' }).click();
    await guest.getByRole('alert').filter({ hasText: 'Ask for a new one' }).waitFor();
    scene.forgive(/status of 4\d\d .*\/password\)$/);
  });

  test('whoever signs out is out, and leaves nothing to whoever signs in next', async () => {
    const { page, server } = scene;
    // What is only now being asked for would be refused after the sign-out: nobody is that quick by hand.
    const paths = [/\/receipts\/stream/, /\/development\/receipts/, /\/production\/receipts/];
    const answers = Promise.all(paths.map((path) => page.waitForResponse(path)));
    await scene.open();
    await answers;
    await page.getByRole('switch', { name: 'Toggle free-shipping-banner in development' }).click();
    await page.getByRole('button', { name: 'Undo' }).waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    await tryToSignIn(page, owner.password);
    await page.getByRole('heading', { name: 'Flags', exact: true }).waitFor();
    // A message that goes takes a moment to leave; left alone it would stay for longer than is waited here.
    await expect.poll(() => page.getByRole('button', { name: 'Undo' }).count(), { timeout: 3_000 }).toBe(0);
    await page.getByRole('switch', { name: 'Toggle free-shipping-banner in development' }).click();
    await page.getByText('free-shipping-banner is off in Development').waitFor();
    await page.getByRole('button', { name: 'Messages' }).click();
    const messages = page.getByRole('dialog', { name: 'Messages' }).getByRole('listitem');
    await expect.poll(() => messages.count()).toBe(1);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    await page.goto(`${server.url}/projects/default/flags`);
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    // What the page asks for while the session ends is refused: the list after a toggle, or why the stream of receipts ended.
    scene.forgive(/status of 401 .*\/(receipts|flags\?limit=60)\)/);
  });

  test('a toggle changes the running shop, and the receipts say on how many instances', async () => {
    const { page } = scene;
    await scene.open();
    const shopPage = await visitShop();
    const banner = shopPage.getByText('Free shipping on orders');
    expect(await banner.count()).toBe(0);

    const toggle = page.getByRole('switch', { name: 'Toggle free-shipping-banner in development' });
    await toggle.click();
    await page.getByText('free-shipping-banner is on in Development').waitFor();
    const receipts = page.getByRole('status', { name: 'Receipts in development' });
    await receipts.getByText(/In effect on 1 of 1 instance after \d+/).waitFor();
    // For a moment the receipts may still be those of the change before.
    const banners = async () => {
      await shopPage.reload();
      return banner.count();
    };
    await expect.poll(banners).toBe(1);

    await toggle.click();
    await page.getByText('free-shipping-banner is off in Development').waitFor();
    await receipts.getByText(/In effect on 1 of 1 instance after \d+/).waitFor();
    await expect.poll(banners).toBe(0);
  });

  test('production asks before it is changed, and other environments are left alone', async () => {
    const { page, server } = scene;
    await scene.open();
    const toggle = page.getByRole('switch', { name: 'Toggle payment-fallback in production' });
    await toggle.click();
    const question = page.getByRole('alertdialog', { name: /Turn on payment-fallback in Production/ });
    await question.getByRole('button', { name: 'Cancel' }).click();
    await question.waitFor({ state: 'hidden' });
    expect(await toggle.getAttribute('aria-checked')).toBe('false');

    await toggle.click();
    await question.getByRole('button', { name: 'Turn on in Production' }).click();
    await page.getByText('payment-fallback is on in Production').waitFor();
    expect(await server.api.call('GET', '/projects/default/flags/payment-fallback')).toMatchObject({
      environments: { production: { enabled: true }, development: { enabled: false } },
    });
  });

  test('a kill turns a flag off in the running shop until it is re-armed, and both say why', async () => {
    const { page, server } = scene;
    await scene.open();
    const shopPage = await visitShop();
    const banner = shopPage.getByText('Free shipping on orders');
    await server.api.call('PATCH', '/projects/default/flags/free-shipping-banner/environments/development', {
      enabled: true,
    });
    const isShown = async () => {
      await shopPage.reload();
      return banner.isVisible();
    };
    await expect.poll(isShown).toBe(true);
    // A page behind another is drawn rarely, and a click waits until it is.
    await page.bringToFront();
    await page.getByRole('link', { name: 'free-shipping-banner' }).click();
    const card = page.getByRole('region', { name: 'Development' });

    await card.getByRole('button', { name: 'Kill' }).click();
    const confirm = page.getByRole('button', { name: 'Kill in Development' });
    await confirm.click();
    await page.getByText('Say why, for those who see it later.').waitFor();
    await page.getByLabel('Reason').fill('carriers are on strike');
    await confirm.click();
    await card.getByText(/by Owner: carriers are on strike\. Everyone gets/).waitFor();
    await card.getByText(/Killed on 1 of 1 instance in \d/).waitFor();
    await expect.poll(isShown).toBe(false);

    await card.getByRole('button', { name: 'Re-arm' }).click();
    await page.getByLabel('Reason').fill('the strike is over');
    await page.getByRole('button', { name: 'Re-arm in Development' }).click();
    await page.getByText('free-shipping-banner in Development is re-armed').waitFor();
    await expect.poll(isShown).toBe(true);
    await page.getByText('the strike is over').waitFor();
    await server.api.call('PATCH', '/projects/default/flags/free-shipping-banner/environments/development', {
      enabled: false,
    });
  });

  test('a ramp that is held says so, by whom and why, until it is resumed', async () => {
    const { page, server } = scene;
    await scene.open();
    const place = '/projects/default/flags/free-shipping-banner/environments/development';
    const weights = (on: number) => [
      { variant: 'on', weightPer100k: on },
      { variant: 'off', weightPer100k: 100_000 - on },
    ];
    const steps = [{ atMs: Date.now() + 3_600_000, weights: weights(100_000) }];
    const edits = [
      { kind: 'setRollout', weights: weights(10_000) },
      { kind: 'setSchedule', steps },
    ];
    await server.api.call('POST', `${place}/edits`, { edits });
    await page.getByRole('link', { name: 'free-shipping-banner' }).click();
    const card = page.getByRole('region', { name: 'Development' });
    const hold = async () => {
      await card.getByText(/Ramp under way: it exposes more by itself, next at .* UTC\./).waitFor();
      await card.getByRole('button', { name: 'Hold' }).click();
      await page.getByLabel('Reason').fill('too many errors');
      await page.getByRole('button', { name: 'Hold in Development' }).click();
      await page.getByText('The ramp of free-shipping-banner in Development is held').first().waitFor();
    };
    await hold();
    await page.keyboard.press('z');
    await page.getByText('Undone: The ramp of free-shipping-banner in Development is held').waitFor();
    await hold();
    await card.getByText(/Ramp held .* by .*: too many errors/).waitFor();
    await card.getByRole('button', { name: 'Resume' }).click();
    await page.getByLabel('Reason').fill('they are gone');
    await page.getByRole('button', { name: 'Resume in Development' }).click();
    const messages = page.locator('[data-toast]');
    await messages.getByText('The ramp of free-shipping-banner in Development goes on').waitFor();
    await expect.poll(() => card.getByText('Ramp held').count()).toBe(0);
    const goesOn = messages.filter({ hasText: /^The ramp of .* goes on/ });
    await goesOn.getByRole('button', { name: 'Undo' }).click();
    await card.getByText(/Ramp held .* by .*: Undo: The ramp of free-shipping-banner in Development goes on/).waitFor();
    const { items } = await server.api.call<{ items: { flag: string; held: object | null }[] }>(
      'GET',
      '/projects/default/environments/development/ramps',
    );
    expect(items).toMatchObject([{ flag: 'free-shipping-banner', held: expect.anything() }]);

    // The message that was undone is out of sight: the next one like it is of what comes now.
    await expect.poll(() => goesOn.count(), { timeout: 20_000 }).toBe(0);
    await card.getByRole('button', { name: 'Resume' }).click();
    await page.getByLabel('Reason').fill('they are gone');
    await page.getByRole('button', { name: 'Resume in Development' }).click();
    await goesOn.getByRole('button', { name: 'Undo' }).waitFor();
    await expect.poll(() => card.getByText('Ramp held').count()).toBe(0);
    await server.api.call('POST', `${place}/edits`, { edits: [{ kind: 'setSafeVariant', variant: 'off' }] });
    await page.keyboard.press('z');
    await messages.getByText('Not undone: The ramp of free-shipping-banner in Development goes on').waitFor();
  });

  test('a percentage moves visitors of the running shop to the other checkout', async () => {
    const { page } = scene;
    await scene.open();
    await page.getByRole('link', { name: 'new-checkout' }).click();
    await page.getByRole('heading', { name: 'new-checkout' }).waitFor();
    for (const [percent, checkout] of [
      [100, 'one-page'],
      [0, 'classic'],
    ] as const) {
      await page.getByRole('link', { name: 'Edit targeting in Development' }).click();
      const share = page.getByRole('textbox', { name: 'Percent of on, default rule' });
      await share.fill(String(percent));
      await share.press('Tab');
      await page.getByRole('button', { name: 'Review' }).click();
      await page.getByRole('button', { name: 'Save in Development' }).click();
      await page.getByText('new-checkout in Development: 1 change saved').first().waitFor();
      await page
        .getByRole('status', { name: 'Receipts in development' })
        .getByText(/In effect on 1 of 1 instance after/)
        .waitFor();
      await page.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link', { name: 'new-checkout' }).click();
      const shopPage = await visitShop('/products/ortolan');
      await shopPage.getByRole('button', { name: /Add to basket|Change quantity/ }).click();
      await shopPage.getByRole('link', { name: 'Go to checkout' }).click();
      await shopPage.locator(`form[data-checkout="${checkout}"]`).waitFor();
      await shopPage.close();
    }
  });

  test('a new flag is made, found in the list and set up', async () => {
    const { page, server } = scene;
    await scene.open();
    await page.getByRole('button', { name: 'New flag' }).click();
    const dialog = page.getByRole('dialog', { name: 'New flag' });
    const key = dialog.getByRole('textbox', { name: 'Key' });
    await key.fill('Not A Key');
    await dialog.getByRole('button', { name: 'Create flag' }).click();
    await expect.poll(() => key.getAttribute('aria-invalid')).toBe('true');
    await key.fill('made-by-hand');
    await dialog.getByLabel('Description').fill('Made in a browser');
    await dialog.getByRole('button', { name: 'Create flag' }).click();
    await page.getByRole('heading', { name: 'made-by-hand' }).waitFor();
    expect(await server.api.call('GET', '/projects/default/flags/made-by-hand')).toMatchObject({
      type: 'boolean',
      description: 'Made in a browser',
      environments: { development: { enabled: false } },
    });
    const messages = page.locator('[data-toast]');
    await messages.filter({ hasText: 'made-by-hand is made' }).getByRole('button', { name: 'Undo' }).click();
    await messages.getByText('Undone: made-by-hand is made').waitFor();
    const { archivedAt } = await server.api.call<{ archivedAt: string | null }>(
      'GET',
      '/projects/default/flags/made-by-hand',
    );
    expect(archivedAt).not.toBeNull();
    await server.api.call('POST', '/projects/default/flags/made-by-hand/restore');
    await page.getByRole('link', { name: 'Flags', exact: true }).first().click();
    await page.getByRole('searchbox').fill('made-by');
    await page.getByRole('link', { name: 'made-by-hand' }).waitFor();
    await page.getByRole('link', { name: 'new-checkout' }).waitFor({ state: 'hidden' });
    // What its page still asked for while it was archived.
    scene.forgive(/status of 404 .*made-by-hand\/(exposures|measurements)/);
  });

  test('a new key is shown once, works, and can be revoked', async () => {
    const { page, server } = scene;
    await scene.open('/projects/default/environments/development/keys');
    await page.getByRole('button', { name: 'New key' }).click();
    await page.getByLabel('Name').fill('second-shop');
    await page.getByRole('button', { name: 'Create key' }).click();
    const secret = (await page.getByRole('status', { name: 'Secret' }).textContent())?.trim() ?? '';
    expect(secret).toMatch(/^bnt_srv_[A-Za-z0-9_-]{43}$/);
    await page.getByRole('button', { name: 'I have stored it' }).click();
    expect(await page.content()).not.toContain(secret);

    const second = await startShop(server.url, secret);
    const receipts = page.getByRole('status', { name: 'Receipts in development' });
    await receipts.getByText(/of 2 instances/).waitFor();
    const row = page.getByRole('list', { name: 'Keys' }).getByRole('listitem').filter({ hasText: 'second-shop' });
    await row.getByRole('link', { name: '1 instance' }).waitFor();
    await page.getByRole('button', { name: 'Rotate second-shop' }).click();
    await page.getByRole('button', { name: 'Rotate key' }).click();
    const next = (await page.getByRole('status', { name: 'Secret' }).textContent())?.trim();
    expect(next).not.toBe(secret);
    await page.getByRole('button', { name: 'I have stored it' }).click();
    await expect.poll(() => row.filter({ hasText: 'valid until' }).count()).toBe(1);
    expect(await row.count()).toBe(2);
    await row.filter({ hasText: 'valid until' }).getByRole('button', { name: 'Revoke second-shop' }).click();
    await page.getByText('1 instance uses it now').waitFor();
    await page.getByRole('button', { name: 'Revoke key' }).click();
    await page.getByText('Type second-shop to go on.').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await page.getByLabel('Type second-shop to go on').fill('second-shop');
    await page.getByRole('button', { name: 'Revoke key' }).click();
    await receipts.getByText(/of 1 instance/).waitFor();
    expect((await fetch(second.url)).status).toBe(200);
    await second.stop();
  });

  test('a key for pages says whose, and is renamed; its secret stays', async () => {
    const { page, server } = scene;
    await scene.open('/projects/default/environments/production/keys');
    await page.getByRole('button', { name: 'New key' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Client' }).click();
    await dialog.getByLabel('Name').fill('shop pages');
    const origins = dialog.getByRole('textbox', { name: 'Origins' });
    await origins.fill('shop.example.com');
    await origins.press('Enter');
    await dialog.getByText(/Enter an origin such as/).waitFor();
    await origins.fill('https://shop.example.com/checkout');
    await origins.press('Enter');
    await dialog.getByRole('button', { name: 'Create key' }).click();
    await dialog.getByRole('button', { name: 'I have stored it' }).click();
    const row = page.getByRole('list', { name: 'Keys' }).getByRole('listitem').filter({ hasText: 'shop pages' });
    await row.getByText('for pages of https://shop.example.com').waitFor();

    await row.getByRole('button', { name: 'Edit shop pages' }).click();
    await dialog.getByLabel('Name').fill('shop');
    await dialog.getByLabel('Valid until, in UTC').fill('2001-01-01T12:00');
    await dialog.getByRole('button', { name: 'Save key' }).click();
    await dialog
      .getByRole('alert')
      .getByText(/is over/)
      .waitFor();
    scene.forgive(/status of 400/);
    expect(await findBarriers(page)).toEqual([]);
    await dialog.getByLabel('Valid until, in UTC').fill('2101-01-01T12:00');
    await dialog.getByRole('button', { name: 'Save key' }).click();
    await dialog.waitFor({ state: 'hidden' });
    const { items } = await server.api.call<{ items: object[] }>(
      ...(['GET', '/projects/default/environments/production/keys'] as const),
    );
    expect(items).toContainEqual(
      expect.objectContaining({
        ...{ name: 'shop', expiresAt: '2101-01-01T12:00:00.000Z', origins: ['https://shop.example.com'] },
      }),
    );
  });

  test('who runs what is told by version, found by search, and narrowed by the address', async () => {
    const { page } = scene;
    await scene.open('/projects/default/instances?environment=development');
    const instances = page.getByRole('list', { name: 'Instances' }).getByRole('listitem');
    await expect.poll(() => instances.filter({ hasText: 'connected' }).count()).toBe(1);
    expect(await findBarriersEverywhere(page)).toEqual([]);
    const versions = page.getByRole('list', { name: 'Deployed versions' }).getByRole('button');
    await versions.filter({ hasText: '100 %' }).click();
    await expect.poll(() => new URL(page.url()).searchParams.has('version')).toBe(true);
    await instances.filter({ hasText: 'connected' }).waitFor();
    await page.getByRole('button', { name: /^Version: .*take the filter away$/ }).click();

    await page.getByRole('searchbox', { name: 'Search instances' }).fill('nobody is called so');
    await page.getByText('No instance is like this').waitFor();
    await page.getByRole('button', { name: 'Clear search' }).click();
    await page.getByRole('button', { name: 'Behind' }).click();
    await expect.poll(() => new URL(page.url()).searchParams.get('behind')).toBe('true');
    await page.getByRole('button', { name: 'All' }).click();
    await instances.filter({ hasText: 'connected' }).waitFor();
  });
});
