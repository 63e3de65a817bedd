import { expect, test } from 'vitest';
import { findBarriers } from './accessible.ts';
import { describeInBrowser } from './owner-scene.ts';
import { owner } from './people.ts';
import { targetingScene } from './targeting-scene.ts';

describeInBrowser('targeting and values as JSON', () => {
  const { scene, openFlag, place, edit, rule, changes, review } = targetingScene();

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
});
