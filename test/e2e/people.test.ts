import { expect, test } from 'vitest';
import { findBarriers, findBarriersEverywhere } from './accessible.ts';
import { describeInBrowser, ownerScene } from './owner-scene.ts';
import { becomeSomeone, owner, signIn } from './people.ts';

describeInBrowser('who looks after people', () => {
  const scene = ownerScene();

  test('invites someone, grants them a role, who comes in by the link and sees what it gives, until it is taken away', async () => {
    const { page } = scene;
    await scene.open();
    await page.keyboard.press('g');
    await page.keyboard.press('p');
    await page.getByRole('list', { name: 'People' }).getByText('owner@example.com').waitFor();
    expect(await findBarriersEverywhere(page)).toEqual([]);
    await page.getByRole('button', { name: 'Invite' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Invite' }).click();
    await dialog.getByText('Enter their address').waitFor();
    await dialog.getByLabel('Email').fill('ada@example.com');
    await dialog.getByLabel('Name').fill('Ada <Lovelace>');
    await dialog.getByRole('button', { name: 'Invite' }).click();
    const link = await dialog.getByRole('figure').locator('code').textContent();
    expect(await findBarriers(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Grant a role' }).click();
    await page.getByRole('heading', { level: 1, name: 'Ada <Lovelace>' }).waitFor();
    await page.getByText('they may do nothing by themselves').waitFor();
    await page.getByRole('button', { name: 'Grant a role' }).click();
    await dialog.getByRole('combobox', { name: 'Role' }).click();
    await page.getByRole('option', { name: 'Viewer' }).click();
    expect(await findBarriers(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Grant', exact: true }).click();
    const roles = page.getByRole('list', { name: 'Granted roles' });
    await roles.getByText('in project default').waitFor();
    expect(await findBarriersEverywhere(page)).toEqual([]);

    const theirs = await scene.openForStranger();
    await theirs.goto(link ?? '');
    await theirs.getByLabel('Password').fill('a long enough password');
    await theirs.getByRole('button', { name: 'Set password' }).click();
    await theirs.getByRole('heading', { name: 'Flags', exact: true }).waitFor();
    // What it asked for without a right to it would be refused from here on.
    await theirs.context().close();
    await page.reload();
    await expect.poll(() => page.getByRole('list', { name: 'Sessions' }).getByRole('listitem').count()).toBe(1);

    await roles.getByRole('button', { name: 'Take away viewer in project default' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Take away' }).click();
    await page.getByText('they may do nothing by themselves').waitFor();
    await page.getByRole('button', { name: /Manage/ }).click();
    await page.getByRole('menuitem', { name: 'Disable' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Disable' }).click();
    await page.getByText('disabled', { exact: true }).waitFor();
  });

  test('makes a group and puts someone into it', async () => {
    const { page, server } = scene;
    await server.api.call('POST', '/users', { email: 'grace@example.com', name: 'Grace' });
    await page.goto(`${server.url}/projects/default/people?tab=groups`);
    await page.getByText('No group yet').waitFor();
    await page.getByRole('button', { name: 'New group' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Create group' }).click();
    await page.getByText('Enter a name.').waitFor();
    await page.getByRole('dialog').getByLabel('Name').fill('Checkout');
    await page.getByRole('dialog').getByRole('button', { name: 'Create group' }).click();
    await page.getByRole('heading', { level: 1, name: 'Checkout' }).waitFor();
    await page.getByRole('searchbox').fill('grace');
    await page.getByRole('button', { name: 'Put in Grace' }).click();
    await page.getByRole('list', { name: 'Members' }).getByText('grace@example.com').waitFor();
    expect(await findBarriersEverywhere(page)).toEqual([]);
    await page.getByRole('button', { name: 'Take out Grace' }).click();
    await page.getByText('Nobody is in it yet.').waitFor();
    await page.getByRole('button', { name: 'Manage Checkout' }).click();
    await page.getByRole('menuitem', { name: 'Rename' }).click();
    await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill('Payments');
    await page.getByRole('dialog').getByRole('button', { name: 'Rename group' }).click();
    await page.getByRole('heading', { level: 1, name: 'Payments' }).waitFor();
  });

  test('makes a program whose token is shown once, works, and works no more when it is revoked', async () => {
    const { page, server } = scene;
    await page.goto(`${server.url}/projects/default/people?tab=programs`);
    await page.getByRole('button', { name: 'New service account' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Pipeline');
    await dialog.getByRole('button', { name: 'Create service account' }).click();
    await page.getByRole('heading', { level: 1, name: 'Pipeline' }).waitFor();
    await page.getByRole('button', { name: 'Grant a role' }).click();
    await dialog.getByRole('button', { name: 'Grant', exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'New token' }).click();
    await dialog.getByRole('button', { name: 'Create token' }).click();
    await dialog.getByText('Name it after where').waitFor();
    await dialog.getByLabel('Name').fill('ci');
    await dialog.getByRole('button', { name: 'Create token' }).click();
    const secret = await dialog.getByRole('figure', { name: 'Secret, shown only here' }).locator('code').textContent();
    expect(await findBarriers(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Done' }).click();
    const call = async () =>
      (await fetch(`${server.url}/api/v1/projects/default`, { headers: { authorization: `Bearer ${secret}` } })).status;
    expect(await call()).toBe(200);
    await page.getByRole('button', { name: 'Revoke ci' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke token' }).click();
    await page.getByText('revoked', { exact: true }).waitFor();
    expect(await call()).toBe(401);
    expect(await findBarriersEverywhere(page)).toEqual([]);
  });

  test('makes a role, changes what it gives, and deletes it once nobody has it', async () => {
    const { page, server } = scene;
    await scene.open('/projects/default/people?tab=roles');
    const roles = page.getByRole('list', { name: 'Roles' });
    await roles.getByText('owner', { exact: true }).waitFor();
    expect(await findBarriersEverywhere(page)).toEqual([]);
    await page.getByRole('button', { name: 'New role' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Create role' }).click();
    await dialog.getByText('Enter a name, such as').waitFor();
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Night <watch>');
    await dialog.getByRole('checkbox', { name: 'Gives: Kill a flag; stop the line' }).click();
    await dialog.getByRole('checkbox', { name: 'In production: Kill a flag; stop the line' }).click();
    expect(await findBarriers(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Create role' }).click();
    await roles.getByText('Night <watch>').waitFor();
    const made = async () =>
      (
        await server.api.call<{ items: { key: string; permissions: string[]; notInProduction: string[] }[] }>(
          'GET',
          '/roles',
        )
      ).items.find(({ key }) => key === 'night-watch');
    expect(await made()).toMatchObject({
      permissions: ['project:read', 'kill:engage'],
      notInProduction: ['kill:engage'],
    });
    await page.getByRole('button', { name: 'Edit Night <watch>' }).click();
    await dialog.getByRole('checkbox', { name: 'In production: Kill a flag; stop the line' }).click();
    await dialog.getByRole('button', { name: 'Save role' }).click();
    await expect.poll(made).toMatchObject({ notInProduction: [] });

    const program = await server.api.call<{ id: string }>('POST', '/service-accounts', { name: 'Watchman' });
    const subject = { kind: 'service-account', id: program.id };
    const grant = await server.api.call<{ id: string }>('POST', '/grants', { subject, role: 'night-watch' });
    await page.getByRole('button', { name: 'Delete Night <watch>' }).click();
    await dialog.getByRole('list', { name: 'Who has it' }).getByRole('link', { name: 'Watchman' }).waitFor();
    expect(await dialog.getByRole('button', { name: 'Delete role' }).count()).toBe(0);
    await page.keyboard.press('Escape');
    await server.api.call('DELETE', `/grants/${grant.id}`);
    await page.getByRole('button', { name: 'Delete Night <watch>' }).click();
    await dialog.getByText('Nobody has it').waitFor();
    await dialog.getByRole('button', { name: 'Delete role' }).click();
    await expect.poll(made).toBeUndefined();
    await expect.poll(() => roles.getByText('Night <watch>').count()).toBe(0);
  });

  test('someone signs out elsewhere, makes a token of their own, and changes their password', async () => {
    const { page, server } = scene;
    const elsewhere = await scene.openForStranger();
    await signIn(elsewhere, server.url);
    await scene.open();
    await page.getByRole('link', { name: /^Your account/ }).click();
    const sessions = page.getByRole('list', { name: 'Sessions' });
    await sessions.getByText('this one').waitFor();
    expect(await findBarriersEverywhere(page)).toEqual([]);
    await page.getByRole('button', { name: 'Sign out everywhere else' }).click();
    await expect.poll(() => sessions.getByRole('listitem').count()).toBe(1);
    await elsewhere.reload();
    await elsewhere.getByRole('button', { name: 'Sign in' }).waitFor();

    await page.getByRole('button', { name: 'New token' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('script');
    await page.getByRole('dialog').getByRole('button', { name: 'Create token' }).click();
    await page.getByRole('dialog').getByText('Secret, shown only here').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Done' }).click();
    await page.getByRole('list', { name: 'Tokens' }).getByText('script').waitFor();

    const change = page.getByRole('button', { name: 'Change password' });
    await change.click();
    await page.getByText('Enter 12 characters or more.').waitFor();
    await page.getByLabel('Present password').fill('wrong');
    await page.getByLabel('New password').fill('another correct horse battery');
    await change.click();
    await page
      .getByRole('form', { name: 'Change password' })
      .getByText(/wrong|not/i)
      .first()
      .waitFor();
    await page.getByLabel('Present password').fill(owner.password);
    await change.click();
    await page.getByText('Your password is changed').waitFor();
    // Back, so that the others can sign in.
    await page.getByLabel('Present password').fill('another correct horse battery');
    await page.getByLabel('New password').fill(owner.password);
    await change.click();
    await expect.poll(() => page.getByLabel('New password').inputValue()).toBe('');
    scene.forgive(/status of 40[013]/);
  });

  test('who may not read about people is not led to them', async () => {
    const { page, server } = scene;
    await becomeSomeone(page, server, ['project:read', 'flag:read', 'release:read', 'audit:read']);
    await page.getByRole('link', { name: 'Audit log' }).waitFor();
    await expect.poll(() => page.getByRole('link', { name: 'People', exact: true }).count()).toBe(0);
    await page.goto(`${server.url}/projects/default/people`);
    await page.getByRole('alert').filter({ hasText: 'people:read' }).waitFor();
    scene.forgive(/status of 403/);
  });
});
