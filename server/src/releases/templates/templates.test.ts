import { expect, test } from 'vitest';
import { startApp } from '../../testing/start-app.ts';
import { refuseUnworkable } from '../check-spec.ts';
import { completeStages } from '../complete-stages.ts';
import type { Spec } from '../spec.ts';
import { BUILT_IN } from './built-in.ts';

const TEMPLATES = '/projects/default/release-templates';

const flags = [{ flag: 'checkout', candidate: 'on', baseline: 'off' }];
const traffic = { target: 'shop', candidate: 'v2', baseline: 'v1' };
const migration = { plan: 'orders' };
/** What each template is for. */
const TARGETS: Readonly<Record<string, Partial<Pick<Spec, 'flags' | 'traffic' | 'migration'>>>> = {
  'flag-only': { flags },
  'ab-test': { flags },
  'canary-then-flags': { flags, traffic },
  migration: { migration },
  contract: { migration },
  full: { flags, traffic, migration },
};

test.each(BUILT_IN.map((template) => [template.key, template] as const))(
  '%s makes a release that works',
  (key, template) => {
    const { key: _, name, description, ...way } = template;
    const parts = { flags: [], ...(TARGETS[key] ?? { traffic }) };
    expect(() => refuseUnworkable({ ...way, ...parts, stages: completeStages(parts, way.stages) })).not.toThrow();
    expect([name, description]).not.toContain('');
  },
);

test('who needs another way copies one, edits it, and keeps it for the project', async () => {
  const { call } = await startApp();
  const { items } = (await call('GET', TEMPLATES)).body;
  const { key: _, isBuiltIn, ...canary } = items.find(({ key }: { key: string }) => key === 'canary');
  expect(isBuiltIn).toBe(true);
  const own = {
    ...canary,
    name: 'Ours',
    stages: [1_000, 100_000].map((trafficPer100k) => ({ trafficPer100k, soakSeconds: 9 })),
  };
  expect((await call('PUT', `${TEMPLATES}/ours`, own)).body).toMatchObject({ key: 'ours', isBuiltIn: false });
  expect((await call('PUT', `${TEMPLATES}/ours`, { ...own, bakeSeconds: 1 })).status).toBe(200);
  const after = (await call('GET', TEMPLATES)).body.items;
  expect(after.at(-1)).toEqual({ key: 'ours', isBuiltIn: false, ...own, bakeSeconds: 1 });
  expect((await call('DELETE', `${TEMPLATES}/ours`)).status).toBe(204);
  expect((await call('DELETE', `${TEMPLATES}/ours`)).status).toBe(404);
  expect((await call('GET', TEMPLATES)).body.items).toHaveLength(items.length);
});

test('what comes with the server stays, and what cannot work is not kept', async () => {
  const { call } = await startApp();
  const { key: _, isBuiltIn: __, ...canary } = (await call('GET', TEMPLATES)).body.items[1];
  expect((await call('PUT', `${TEMPLATES}/canary`, canary)).status).toBe(409);
  expect((await call('DELETE', `${TEMPLATES}/canary`)).status).toBe(409);
  const falling = { ...canary, stages: [50_000, 20_000].map((trafficPer100k) => ({ trafficPer100k, soakSeconds: 1 })) };
  const refused = await call('PUT', `${TEMPLATES}/falling`, falling);
  expect([refused.status, JSON.stringify(refused.body)]).toEqual([
    400,
    expect.stringContaining('must be at least 50000'),
  ]);
});
