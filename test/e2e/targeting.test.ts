import { expect, test } from 'vitest';
import { findBarriers } from './accessible.ts';
import { describeInBrowser } from './owner-scene.ts';
import { becomeSomeone } from './people.ts';
import { targetingScene } from './targeting-scene.ts';

describeInBrowser('what people do with the targeting of a flag', () => {
  const { scene, openFlag, place, served, rule, overflow, saved, changes, review } = targetingScene();

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
