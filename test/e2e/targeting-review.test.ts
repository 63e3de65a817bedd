import { connect } from '@bunting/node';
import { expect, test } from 'vitest';
import { findBarriers, findBarriersEverywhere } from './accessible.ts';
import { describeInBrowser } from './owner-scene.ts';
import { owner } from './people.ts';
import { targetingScene } from './targeting-scene.ts';

describeInBrowser('what becomes of a change of targeting before it is saved', () => {
  const { scene, openFlag, edit, served, rule, saved, changes, review } = targetingScene();

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
    // An instance samples one every five seconds or so. Nine of ten move, so of three at least one does.
    await expect.poll(enough, { timeout: 40_000, interval: 100 }).toBeGreaterThan(2);
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
    // While it goes out of sight it would be taken for what is said of the second promotion.
    await said.waitFor({ state: 'hidden' });
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
});
