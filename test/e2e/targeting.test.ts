import { connect } from '@bunting/node';
import { expect, test } from 'vitest';
import { findBarriers, findBarriersEverywhere } from './accessible.ts';
import { describeInBrowser, ownerScene } from './owner-scene.ts';
import { becomeSomeone, owner } from './people.ts';

/** As much of a flag in an environment as is looked at here. */
interface Served {
  readonly enabled: boolean;
  readonly version: number;
  readonly rules: readonly {
    readonly id: string;
    readonly name?: string;
    readonly when: unknown;
    readonly serve: unknown;
  }[];
  readonly defaultRule: unknown;
}

describeInBrowser('what people do with the targeting of a flag', () => {
  const scene = ownerScene();
  let made = 0;

  /** A new flag with these edits in development, and its page there. */
  async function openFlag(...edits: object[]): Promise<string> {
    made += 1;
    const key = `flag-${made}`;
    await scene.server.api.call('POST', '/projects/default/flags', { key, type: 'boolean' });
    if (edits.length > 0) await edit(key, ...edits);
    await scene.open(`/projects/default/flags/${key}/environments/development`);
    return key;
  }
  const place = (key: string) => `/projects/default/flags/${key}/environments/development`;
  const edit = (key: string, ...edits: object[]) => scene.server.api.call('POST', `${place(key)}/edits`, { edits });
  const served = (key: string) => scene.server.api.call<Served>('GET', place(key));
  const rule = (id: string, name?: string) => ({
    kind: 'addRule',
    rule: {
      id,
      ...(name && { name }),
      when: { attribute: 'plan', operator: 'in', values: [id] },
      serve: { variant: 'on' },
    },
  });
  /** How much wider the page is than its window. */
  const overflow = () =>
    scene.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  const saved = (key: string) =>
    scene.page.getByText(new RegExp(`${key} in Development: \\d changes? saved`)).waitFor();
  const changes = () => scene.page.getByRole('region', { name: 'Changes' });
  const review = () => scene.page.getByRole('dialog', { name: /Review/ });

  test('a rule is built by hand, reviewed in words, and saved with a comment', async () => {
    const { page, server } = scene;
    const key = await openFlag();
    await page.getByRole('button', { name: 'Add rule' }).click();
    await page.getByLabel('Name of rule 1').fill('Testers in Germany');
    await changes().getByText('1 error to mend first').waitFor();
    await page.getByLabel('Attribute of condition 1 of rule 1').fill('country');
    await page.getByRole('textbox', { name: 'Values of condition 1 of rule 1' }).fill('DE');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Add a condition to rule 1' }).click();
    await page.getByRole('menuitem', { name: 'Attribute' }).click();
    await page.getByLabel('Attribute of condition 2 of rule 1').fill('email');
    await page.getByLabel('Operator of condition 2 of rule 1').click();
    await page.getByRole('option', { name: 'does not end with' }).click();
    await page.getByRole('textbox', { name: 'Values of condition 2 of rule 1' }).fill('@example.com');
    await page.keyboard.press('Tab');
    await page.getByRole('button', { name: 'Percentage' }).first().click();
    const share = page.getByRole('textbox', { name: 'Percent of on, rule 1' });
    await share.fill('25');
    await share.press('Tab');
    await page.getByRole('switch', { name: `Serve ${key} in development` }).click();
    expect(await findBarriers(page)).toEqual([]);

    await changes().getByRole('button', { name: 'Review' }).click();
    await review().getByText('Turn the flag on').waitFor();
    await review().getByText('Add rule "Testers in Germany" first').waitFor();
    await review().getByText('country is one of "DE" and not (email ends with "@example.com")').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await review().getByLabel('Comment').fill('For the pilot – größer als gedacht');
    await review().getByRole('button', { name: 'Save in Development' }).click();
    await saved(key);
    expect(await served(key)).toMatchObject({
      enabled: true,
      rules: [
        {
          name: 'Testers in Germany',
          when: {
            all: [
              { attribute: 'country', operator: 'in', values: ['DE'] },
              { not: { attribute: 'email', operator: 'endsWith', values: ['@example.com'] } },
            ],
          },
          serve: { split: { ranges: [{ variant: 'on', from: 0, to: 25_000 }, { variant: 'off' }] } },
        },
      ],
    });
    const { items } = await server.api.call<{ items: { comment: string | null }[] }>('GET', '/audit?limit=1');
    expect(items[0]?.comment).toBe('For the pilot – größer als gedacht');
  });

  test('rules are put in order by the keyboard, and the analysis says which are never reached', async () => {
    const { page } = scene;
    const key = await openFlag(rule('a', 'First'), rule('b', 'Second'), rule('c', 'Third'));
    await page.getByRole('button', { name: 'Move rule 3' }).focus();
    await page.keyboard.press('Space');
    await page.getByText('Picked up rule 3 of 3.').waitFor({ state: 'attached' });
    await page.keyboard.press('ArrowUp');
    await page.getByText('It is over rule 2 of 3.').waitFor({ state: 'attached' });
    await page.keyboard.press('ArrowUp');
    await page.getByText('It is over rule 1 of 3.').waitFor({ state: 'attached' });
    await page.keyboard.press('Space');
    await expect.poll(() => page.getByLabel('Name of rule 1').inputValue()).toBe('Third');
    // The focus comes back to what was moved, which closes a menu that was opened meanwhile.
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
    await expect.poll(focused).toBe('Move rule 1');
    const more = async (rule: number, what: string) => {
      await page.getByRole('button', { name: `More for rule ${rule}` }).click();
      // By its name: the one before may still be leaving.
      const menu = page.getByRole('menu', { name: `More for rule ${rule}` });
      await menu.getByRole('menuitem', { name: what }).click();
    };
    await more(2, 'Duplicate');
    await page
      .getByText(/can never be reached|is never reached|unreachable|no subject/i)
      .first()
      .waitFor();
    await more(3, 'Remove');
    await changes().getByText('1 change').waitFor();
    await changes().getByRole('button', { name: 'Review' }).click();
    await review().getByText('Move rule "Third" first').waitFor();
    await review().getByRole('button', { name: 'Save in Development' }).click();
    await saved(key);
    expect((await served(key)).rules.map(({ id }) => id)).toEqual(['c', 'a', 'b']);
  });

  test('of many rules only those near the screen are drawn, and all are found, edited and put in order', async () => {
    const { page } = scene;
    const key = await openFlag(...Array.from({ length: 30 }, (_, at) => rule(`r${at + 1}`, `Rule ${at + 1}`)));
    const name = (at: number) => page.getByLabel(`Name of rule ${at}`, { exact: true });
    const isDrawn = (at: number) =>
      name(at).evaluate((element) => element.checkVisibility({ contentVisibilityAuto: true }));
    await expect.poll(() => isDrawn(1)).toBe(true);
    expect(await isDrawn(25)).toBe(false);
    await name(25).fill('Half-way');
    expect(await isDrawn(25)).toBe(true);
    await expect.poll(() => isDrawn(1)).toBe(false);
    await page.getByRole('button', { name: 'Move rule 25', exact: true }).focus();
    await page.keyboard.press('Space');
    await page.getByText('Picked up rule 25 of 30.').waitFor({ state: 'attached' });
    for (const at of [24, 23]) {
      await page.keyboard.press('ArrowUp');
      await page.getByText(`It is over rule ${at} of 30.`).waitFor({ state: 'attached' });
    }
    await page.keyboard.press('Space');
    await expect.poll(() => name(23).inputValue()).toBe('Half-way');
    await changes().getByRole('button', { name: 'Review' }).click();
    await review().getByRole('button', { name: 'Save in Development' }).click();
    await saved(key);
    expect((await served(key)).rules[22]).toMatchObject({ id: 'r25', name: 'Half-way' });
  });

  test('two people who edit one flag see what the other did, and keep theirs, mine or both', async () => {
    const { page } = scene;
    const key = await openFlag(rule('a', 'First'), rule('b', 'Second'));
    await page.getByLabel('Name of rule 1').fill('Renamed');
    await page.getByRole('switch', { name: `Serve ${key} in development` }).click();
    // Someone else, while the draft is open.
    await edit(key, { kind: 'removeRule', rule: 'b' }, { kind: 'setDefaultServe', serve: { variant: 'on' } });
    await changes().getByText('someone else saved meanwhile').waitFor();
    await changes().getByRole('button', { name: 'See what changed' }).click();
    const merge = page.getByRole('dialog', { name: /was changed while you edited it/ });
    await merge.getByRole('list', { name: 'Their changes' }).getByText('Remove rule "Second"').waitFor();
    await merge.getByRole('list', { name: 'Your changes' }).getByText('call it "Renamed"').waitFor();
    await merge.getByText('Both go together.').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await merge.getByRole('button', { name: 'Both' }).click();
    await changes().getByRole('button', { name: 'Review' }).click();
    await review().getByRole('button', { name: 'Save in Development' }).click();
    await saved(key);
    expect(await served(key)).toMatchObject({
      ...{ enabled: true, defaultRule: { variant: 'on' } },
      rules: [{ id: 'a', name: 'Renamed' }],
    });

    await page.getByLabel('Name of rule 1').fill('Mine');
    await edit(key, { kind: 'removeRule', rule: 'a' });
    await changes().getByRole('button', { name: 'See what changed' }).click();
    await merge.getByText('Both do not go together: the rule "a" is gone.').waitFor();
    expect(await merge.getByRole('button', { name: 'Both' }).isDisabled()).toBe(true);
    await merge.getByRole('button', { name: 'Theirs' }).click();
    await changes().waitFor({ state: 'hidden' });
    expect(await page.getByLabel('Name of rule 1').count()).toBe(0);
  });

  test('a session that ends in the middle of an edit loses nothing that was typed', async () => {
    const { page, complaints } = scene;
    const key = await openFlag(rule('a', 'First'));
    await page.getByLabel('Name of rule 1').fill('Written before the session ended');
    await changes().getByRole('button', { name: 'Review' }).click();
    await review().getByLabel('Comment').fill('and why');
    await page.context().clearCookies();
    complaints.length = 0;
    await review().getByRole('button', { name: 'Save in Development' }).click();
    const again = page.getByRole('alertdialog', { name: 'Your session has ended' });
    await again.getByLabel('Password').fill('not the password');
    await page.keyboard.press('Enter');
    await again.getByRole('alert').waitFor();
    await page.keyboard.press('Escape');
    expect(await findBarriers(page)).toEqual([]);
    await again.getByLabel('Password').fill(owner.password);
    await again.getByRole('button', { name: 'Sign in', exact: true }).click();
    await again.waitFor({ state: 'hidden' });
    // Everything is as it was, the open dialog too, and nothing was saved meanwhile.
    expect(await review().getByLabel('Comment').inputValue()).toBe('and why');
    expect((await served(key)).rules[0]?.name).toBe('First');
    await review().getByRole('button', { name: 'Save in Development' }).click();
    await saved(key);
    expect((await served(key)).rules[0]?.name).toBe('Written before the session ended');
    // What the browser itself reports of the calls without a session.
    scene.forgive(/status of 401/);
  });

  test('a viewer reads the targeting and is offered no change of it', async () => {
    const { page, server } = scene;
    const key = await openFlag(rule('a', 'First'));
    await becomeSomeone(page, server, 'viewer');
    await scene.open(`/projects/default/flags/${key}`);
    await page.getByRole('link', { name: 'Show targeting in Development' }).click();
    await page.getByText('You may read it, not change it.').waitFor();
    await page.getByText('if plan is one of "a"').waitFor();
    expect(await page.getByRole('button', { name: 'Add rule' }).count()).toBe(0);
    expect(await findBarriers(page)).toEqual([]);
  });

  test('a protected environment is changed by asking for approval', async () => {
    const { page, server } = scene;
    await server.api.call('POST', '/projects/default/environments', { key: 'guarded', name: 'Guarded' });
    const key = await openFlag();
    await server.api.call('PATCH', '/projects/default/environments/guarded', { requiredApprovals: 1 });
    await page.goto(`${server.url}/projects/default/flags/${key}/environments/guarded`);
    await page.getByRole('switch', { name: `Serve ${key} in guarded` }).click();
    await changes().getByRole('button', { name: 'Review' }).click();
    await review().getByText('someone else must approve it').waitFor();
    await review().getByLabel('Comment').fill('The pilot begins');
    await review().getByRole('button', { name: 'Request approval' }).click();
    await page.getByText('Approval is asked for').waitFor();
    const { items } = await server.api.call<{ items: object[] }>('GET', '/projects/default/change-requests');
    expect(items[0]).toMatchObject({
      ...{ title: `${key}: Turn the flag on`, description: 'The pilot begins', state: 'open' },
      changes: [{ environment: 'guarded', flag: key, edits: [{ kind: 'enable' }] }],
    });
    await expect.poll(() => changes().count()).toBe(0);

    // What a flag is everywhere, it is there, too.
    await server.api.call('POST', '/projects/default/flags', {
      ...{ key: 'guarded-value', type: 'number', variants: [{ name: 'few', value: 1 }] },
    });
    await page.goto(`${server.url}/projects/default/flags/guarded-value`);
    await page.getByRole('button', { name: 'Edit the value of few' }).click();
    await page.getByRole('dialog', { name: 'Value of few' }).getByRole('textbox').click();
    await page.keyboard.press('Control+A');
    await page.keyboard.insertText('2');
    await page.getByRole('button', { name: 'Request approval' }).click();
    await page.getByText('Approval is asked for').waitFor();
    const asked = await server.api.call<{ items: object[] }>('GET', '/projects/default/change-requests?limit=1');
    expect(asked.items[0]).toMatchObject({
      changes: [{ flag: 'guarded-value', edits: [{ kind: 'setVariantValue', variant: 'few', value: 2 }] }],
    });
    await server.api.call('DELETE', '/projects/default/environments/guarded?confirm=guarded');
  });

  test('a change is scheduled for later, and nothing is changed until then', async () => {
    const { page, server } = scene;
    const key = await openFlag();
    await page.getByRole('switch', { name: `Serve ${key} in development` }).click();
    await changes().getByRole('button', { name: 'Review' }).click();
    await review().getByRole('button', { name: 'Later' }).click();
    await review().getByRole('button', { name: 'Schedule in Development' }).click();
    await review().getByText('a time that is still to come').waitFor();
    await review().getByLabel('At, in UTC').fill('2099-01-31T12:00');
    await review().getByRole('button', { name: 'Schedule in Development' }).click();
    await page.getByText('It is scheduled for 2099-01-31 12:00 UTC').waitFor();
    const { items } = await server.api.call<{ items: object[] }>('GET', '/projects/default/schedules');
    expect(items[0]).toMatchObject({ kind: 'once', dueAt: '2099-01-31T12:00:00.000Z', state: 'active' });
    expect((await served(key)).enabled).toBe(false);
  });

  test('whom a change moves is said before it is saved: of contexts that were seen, or made up', async () => {
    const { page, server } = scene;
    const key = await openFlag({ kind: 'enable' }, { kind: 'setDefaultServe', serve: { variant: 'off' } });
    const impact = () => review().getByRole('region', { name: 'Impact' });
    const share = page.getByRole('textbox', { name: 'Percent of on, default rule' });
    const draftMost = async () => {
      await page.getByRole('button', { name: 'Percentage' }).click();
      await share.fill('90');
      await share.press('Tab');
      await changes().getByRole('button', { name: 'Review' }).click();
    };
    await draftMost();
    await impact()
      .getByText(/Moves (8,9|9,0)\d\d of 10,000 made-up contexts/)
      .waitFor();
    await impact().getByText('Contexts are not sampled here.').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await review().getByRole('button', { name: 'Close' }).click();

    const environment = '/projects/default/environments/development';
    await server.api.call('PUT', `${environment}/context-sampling`, { mode: 'contexts' });
    const { secret } = await server.api.call<{ secret: string }>('POST', `${environment}/keys`, {
      ...{ kind: 'server', name: 'shop' },
    });
    const flags = connect({ url: server.url, sdkKey: secret, logger: {} });
    await flags.ready({ timeoutMs: 10_000 });
    const enough = async () => {
      flags.isEnabled(key, { targetingKey: `user-${Math.random()}`, plan: 'pro' });
      const path = `${environment}/contexts?limit=200`;
      return (await server.api.call<{ items: object[] }>('GET', path)).items.length;
    };
    await expect.poll(enough, { timeout: 30_000, interval: 100 }).toBeGreaterThan(4);
    await page.reload();
    const effect = page.getByRole('region', { name: 'In effect' });
    await effect.getByText('In effect on 1 of 1 instance').waitFor();
    await expect.poll(() => effect.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('1');
    await flags.close();
    await changes().getByRole('button', { name: 'Review' }).click();
    await impact()
      .getByText(/Moves \d+ of the \d+ contexts seen in the last day/)
      .waitFor();
    const moves = impact().getByRole('list', { name: 'Who moves' });
    await moves.getByText(/by the default rule/).waitFor();
    await moves.locator('summary').click();
    await moves
      .getByText(/"targetingKey":"user-/)
      .first()
      .waitFor();

    // Whom it was evaluated for is listed, can be removed, and leads to what flags answer them.
    await scene.open('/projects/default/contexts?environment=development&search=user-');
    const seen = page.getByRole('list', { name: 'Contexts', exact: true }).getByRole('listitem');
    await seen.first().getByText('{"plan":"pro"}').waitFor();
    await page.getByRole('row').filter({ hasText: 'plan' }).getByText('"pro"').waitFor();
    expect(await findBarriersEverywhere(page)).toEqual([]);
    const erased = (await seen.last().getByRole('button').getAttribute('aria-label')) ?? '';
    await page.getByRole('button', { name: erased, exact: true }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Erase' }).click();
    await page.getByRole('button', { name: erased, exact: true }).waitFor({ state: 'hidden' });
    await seen
      .first()
      .getByRole('link', { name: /^Ask flags for user-/ })
      .click();
    await expect.poll(() => page.getByLabel('Context', { exact: true }).inputValue()).toContain('"plan": "pro"');
    await page.getByRole('link', { name: 'Contexts that were seen' }).click();
    await page.getByRole('button', { name: 'Production' }).click();
    await page.getByText('Contexts are not sampled here').waitFor();
    expect(await findBarriers(page)).toEqual([]);
  });

  test('what a flag is in one environment is compared with another, and promoted in parts', async () => {
    const { page, server } = scene;
    const key = await openFlag({ kind: 'enable' }, rule('a', 'First'));
    await page.goto(`${server.url}/projects/default/flags/${key}`);
    await page.getByRole('link', { name: 'Compare' }).click();
    const dialog = page.getByRole('dialog', { name: `Promote ${key}` });
    const what = dialog.getByRole('list', { name: 'What changes' });
    await what.getByText('Turn the flag on').waitFor();
    await what.getByText('Add rule "First" first').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await dialog.getByRole('checkbox', { name: 'Promote: On or off' }).click();
    await what.getByText('Turn the flag on').waitFor({ state: 'hidden' });
    const path = `/projects/default/flags/${key}/environments/production`;
    const before = await server.api.call<object>('GET', path);
    const promote = () => dialog.getByRole('button', { name: 'Promote to Production' }).click();
    await promote();
    const messages = page.locator('[data-toast]');
    const said = messages.getByText(`${key} is promoted to Production`, { exact: true });
    await said.waitFor();
    await dialog.waitFor({ state: 'hidden' });
    expect(await server.api.call('GET', path)).toMatchObject({ enabled: false, rules: [{ id: 'a' }] });
    await messages.getByRole('button', { name: 'Undo' }).click();
    await messages.getByText(`Undone: ${key} is promoted to Production`).waitFor();
    const later = { version: expect.any(Number), updatedAt: expect.any(String) };
    expect(await server.api.call('GET', path)).toEqual({ ...before, ...later });

    await page.getByRole('link', { name: 'Compare' }).click();
    await dialog.getByRole('checkbox', { name: 'Promote: On or off' }).click();
    await what.getByText('Turn the flag on').waitFor({ state: 'hidden' });
    await promote();
    await said.waitFor();
    await server.api.call('POST', `${path}/edits`, { edits: [{ kind: 'setSafeVariant', variant: 'on' }] });
    await page.keyboard.press('z');
    await messages.getByText(`Not undone: ${key} is promoted to Production`).waitFor();
    expect(await server.api.call('GET', path)).toMatchObject({ safeVariant: 'on', rules: [{ id: 'a' }] });
    // The browser reports the refusal by itself.
    scene.forgive(/status of 412/);
    await page.getByRole('region', { name: 'Production' }).getByText('if plan is one of "a"').waitFor();

    // What is left of it stands in the list of what differs.
    await page.goto(`${server.url}/projects/default/flags`);
    await page.getByRole('link', { name: 'Compare', exact: true }).click();
    const differing = page.getByRole('list', { name: 'Flags that differ' });
    await differing.getByRole('listitem').filter({ hasText: key }).getByText('On or off').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await differing.getByRole('link', { name: key, exact: true }).click();
    await what.getByText('Turn the flag on').waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();

    // A segment that is missing there stands against it.
    await server.api.call('PUT', '/projects/default/environments/development/segments/only-here', {
      name: 'Only here',
    });
    await edit(key, { kind: 'updateRule', rule: 'a', when: { segment: 'only-here' } });
    await page.getByRole('link', { name: 'Compare' }).click();
    await dialog.getByRole('list', { name: 'Findings' }).getByText('only-here').waitFor();
    await expect.poll(() => dialog.getByRole('button', { name: 'Promote to Production' }).isDisabled()).toBe(true);
  });

  test('a split is made to grow by time, and its curve is drawn, with a table behind it', async () => {
    const { page, server } = scene;
    // As Chromium says it where `LANG` is `C`: whatever writes numbers throws at it.
    await page.addInitScript(() => {
      Object.defineProperty(navigator, 'language', { value: 'en-US@posix', configurable: true });
    });
    const key = await openFlag({ kind: 'enable' }, { kind: 'setDefaultServe', serve: { variant: 'off' } });
    await page.getByRole('button', { name: 'Percentage' }).click();
    await page.getByRole('button', { name: 'Change by time: default rule' }).click();
    await page.getByRole('menuitem', { name: 'Straight to 100% in 24 hours on' }).click();
    await page.getByRole('img', { name: 'Shares over time, default rule' }).locator('canvas').waitFor();
    await page.getByText('As a table').click();
    await page.getByRole('cell', { name: 'in a straight line' }).waitFor();
    const half = page.getByRole('textbox', { name: 'Percent of on, step 2 of the default rule' });
    await half.fill('50');
    await half.press('Tab');
    await page.getByRole('cell', { name: '50%' }).waitFor();
    await page.setViewportSize({ width: 390, height: 844 });
    await expect.poll(overflow).toBe(0);
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.getByRole('button', { name: 'Step', exact: true }).click();
    // There the bar of changes lies over nothing.
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    expect(await findBarriers(page)).toEqual([]);
    await changes().getByRole('button', { name: 'Review' }).click();
    await review().getByRole('button', { name: 'Save in Development' }).click();
    await saved(key);
    const { defaultRule } = await server.api.call<{
      defaultRule: { split: { schedule: { atMs: number; linear?: boolean; ranges: object[] }[] } };
    }>('GET', place(key));
    expect(defaultRule.split.schedule.map(({ linear = false }) => linear)).toEqual([false, true, false]);
    const [from, to] = defaultRule.split.schedule;
    expect((to?.atMs ?? 0) - (from?.atMs ?? 0)).toBe(86_400_000);
    await page.goto(`${server.url}/projects/default/flags/${key}`);
    await page.getByRole('region', { name: 'Development' }).getByText('Ramping').waitFor();
  });

  test('the targeting is edited as JSON, and what cannot be served never becomes the draft', async () => {
    const { page } = scene;
    const key = await openFlag(rule('a', 'First'));
    await page.getByRole('button', { name: 'JSON', exact: true }).click();
    const editor = page.getByRole('textbox', { name: `Targeting of ${key} as JSON` });
    await editor.click();
    // The page's shortcuts are still while someone types here.
    await page.keyboard.type('gf');
    await page.getByText('This cannot be served').waitFor();
    expect(new URL(page.url()).pathname).toContain('/environments/development');
    expect(await findBarriers(page)).toEqual([]);
    await page.keyboard.press('Control+A');
    await page.keyboard.insertText(
      JSON.stringify({ enabled: true, offVariant: 'off', rules: [], defaultRule: { variant: 'of' } }),
    );
    await page
      .getByText(/defaultRule.*of/)
      .first()
      .waitFor();
    expect(await changes().getByRole('button', { name: 'Review' }).isDisabled()).toBe(true);
    await page.keyboard.press('Control+A');
    await page.keyboard.insertText(
      JSON.stringify({ enabled: true, offVariant: 'off', rules: [], defaultRule: { variant: 'on' } }),
    );
    await changes().getByText('2 changes').waitFor();
    await changes().getByRole('button', { name: 'Discard' }).click();
    await page.getByText('"First"').waitFor();
    await editor.click();
    await page.keyboard.press('Control+A');
    await page.keyboard.insertText(
      JSON.stringify({ enabled: true, offVariant: 'off', rules: [], defaultRule: { variant: 'on' } }),
    );
    await changes().getByText('2 changes').waitFor();
    await page.getByRole('button', { name: 'Form', exact: true }).click();
    expect(await page.getByRole('switch', { name: `Serve ${key} in development` }).isChecked()).toBe(true);
    await changes().getByRole('button', { name: 'Review' }).click();
    await review().getByText('Remove rule "First"').waitFor();
  });

  test('JSON that cannot be served yet outlives a reload, an ended session and the form, until it is put aside', async () => {
    const { page, server } = scene;
    const key = await openFlag(rule('a', 'First'));
    await page.getByRole('button', { name: 'JSON', exact: true }).click();
    const editor = page.getByRole('textbox', { name: `Targeting of ${key} as JSON` });
    await editor.click();
    await page.keyboard.press('Control+A');
    await page.keyboard.insertText('{ "enabled": true, "rules": [ half a rule');
    await changes().getByText('JSON that cannot be served yet').waitFor();
    await page.reload();
    await editor.getByText('half a rule').waitFor();
    await page.getByText('This cannot be served').waitFor();
    expect(await findBarriers(page)).toEqual([]);

    await page.goto('about:blank');
    await page.context().clearCookies();
    await page.goto(server.url + place(key));
    await page.getByLabel('Email').fill(owner.email);
    await page.getByLabel('Password').fill(owner.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await editor.getByText('half a rule').waitFor();
    // What the browser itself reports of the calls without a session.
    scene.forgive(/status of 401/);

    // Someone else, meanwhile: the text stays, and the two do not go together.
    await edit(key, { kind: 'enable' });
    await changes().getByText('someone else saved meanwhile').waitFor();
    await changes().getByRole('button', { name: 'See what changed' }).click();
    const merge = page.getByRole('dialog', { name: /was changed while you edited it/ });
    await merge.getByText('Both do not go together: your JSON cannot be served yet.').waitFor();
    await merge.getByRole('button', { name: 'Mine instead' }).click();
    await editor.getByText('half a rule').waitFor();

    await page.getByRole('button', { name: 'Form', exact: true }).click();
    await page.getByText('so the form cannot show it').waitFor();
    expect(await page.getByLabel('Name of rule 1').count()).toBe(0);
    expect(await findBarriers(page)).toEqual([]);
    await page.getByRole('button', { name: 'Go on with the JSON' }).click();
    await editor.getByText('half a rule').waitFor();
    await page.getByRole('button', { name: 'Form', exact: true }).click();
    await page.getByRole('button', { name: 'Go back to what it was before' }).click();
    await expect.poll(() => page.getByLabel('Name of rule 1').inputValue()).toBe('First');
    await changes().getByText('1 change').waitFor();
    await changes().getByRole('button', { name: 'Discard' }).click();
    await page.reload();
    await expect.poll(() => page.getByLabel('Name of rule 1').inputValue()).toBe('First');
    expect(await changes().count()).toBe(0);
  });

  test("a value is edited as JSON, by the flag's schema", async () => {
    const { page, server } = scene;
    await server.api.call('POST', '/projects/default/flags', {
      ...{ key: 'limits', type: 'object', schema: { type: 'object', properties: { max: { type: 'integer' } } } },
      variants: [
        { name: 'small', value: { max: 10 } },
        { name: 'large', value: { max: 100 } },
      ],
    });
    await page.goto(`${server.url}/projects/default/flags/limits`);
    await page.getByRole('button', { name: 'Edit the value of small' }).click();
    const dialog = page.getByRole('dialog', { name: 'Value of small' });
    await dialog.getByRole('textbox').click();
    await page.keyboard.press('Control+A');
    await page.keyboard.insertText('{"max": "ten"}');
    await dialog.getByText(/max/).last().waitFor();
    expect(await dialog.getByRole('button', { name: 'Change the value' }).isDisabled()).toBe(true);
    expect(await findBarriers(page)).toEqual([]);
    await page.keyboard.press('Control+A');
    await page.keyboard.insertText('{"max": 12}');
    await dialog.getByRole('button', { name: 'Change the value' }).click();
    await page.getByText('small of limits has another value').waitFor();
    expect(await server.api.call('GET', '/projects/default/flags/limits')).toMatchObject({
      variants: [{ name: 'small', value: { max: 12 } }, { name: 'large' }],
    });
  });

  test('who edits a flag that is killed is told that it has no effect, and re-arms it there', async () => {
    const { page, server } = scene;
    const key = await openFlag({ kind: 'enable' });
    await server.api.call('POST', `${place(key)}/kill`, { reason: 'Baskets are lost' });
    await page.getByText(/Baskets are lost\. Everyone gets/).waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await page.getByRole('button', { name: 'Re-arm' }).click();
    await page.getByLabel('Reason').fill('They are found');
    await page.getByRole('button', { name: 'Re-arm in Development' }).click();
    await page.getByText(`${key} in Development is re-armed`).waitFor();
    await page.getByText('Baskets are lost').waitFor({ state: 'hidden' });
  });

  test('hostile names are text, and fit on a phone', async () => {
    const { page } = scene;
    const names = ['<img src=x onerror=alert(1)>', 'x'.repeat(200), 'مرحبا \u202Eabc', '👩‍🚀🏳️‍🌈'];
    await openFlag(...names.map((name, at) => rule(`r${at}`, name)));
    for (const [at, name] of names.entries()) {
      await expect.poll(() => page.getByLabel(`Name of rule ${at + 1}`).inputValue()).toBe(name);
    }
    await page.getByRole('textbox', { name: 'Values of condition 1 of rule 1' }).fill('<script>alert(1)</script>');
    await page.keyboard.press('Enter');
    await page.setViewportSize({ width: 390, height: 844 });
    await expect.poll(overflow).toBe(0);
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      expect(await findBarriers(page)).toEqual([]);
    }
    await changes().getByRole('button', { name: 'Review' }).click();
    await review().getByText('<script>alert(1)</script>').first().waitFor();
    await expect.poll(overflow).toBe(0);
  });
});
