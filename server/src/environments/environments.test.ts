import { expect, test } from 'vitest';
import { startApp } from '../testing/start-app.ts';

const ENVIRONMENTS = '/projects/default/environments';

test('a new environment serves all flags of its project, off, from its first revision on', async () => {
  const { app, call } = await startApp();
  await call('POST', '/projects/default/flags', { key: 'a', type: 'boolean' });
  await call('POST', '/projects/default/flags', { key: 'gone', type: 'boolean' });
  await call('POST', '/projects/default/flags/gone/archive');
  await call('PATCH', '/projects/default/flags/a/environments/production', { enabled: true });
  const { status, body } = await call('POST', ENVIRONMENTS, { key: 'staging', name: 'Staging' });
  expect(status).toBe(201);
  expect(body).toMatchObject({ key: 'staging', production: false, position: 2, revision: { number: 1 } });
  const { body: project } = await call('GET', '/projects/default');
  expect(project.environments.map(({ key }: { key: string }) => key)).toEqual(['development', 'production', 'staging']);
  expect(project.environments[2]).toEqual(body);
  const ruleset = [...app.bunting.rulesets.all()].find(({ environment }) => environment === 'staging');
  expect(ruleset?.items().map(({ key }) => key)).toEqual(['a']);
  const { body: flag } = await call('GET', '/projects/default/flags/a');
  expect(flag.environments.staging).toMatchObject({ enabled: false, offVariant: 'off' });
  const toggled = await call('PATCH', '/projects/default/flags/a/environments/staging', { enabled: true });
  expect(toggled.body.revision).toMatchObject({ incarnation: body.revision.incarnation, number: 2 });
});

test('every environment counts by an incarnation of its own', async () => {
  const { call } = await startApp();
  await call('POST', '/projects', { key: 'second', name: 'Second' });
  const { body } = await call('GET', '/projects');
  const incarnations = body.items.flatMap((project: { environments: { revision: { incarnation: string } }[] }) =>
    project.environments.map(({ revision }) => revision.incarnation),
  );
  expect(new Set(incarnations).size).toBe(4);
});
