import type { InjectOptions } from 'fastify';
import { describe, expect, test } from 'vitest';
import { BUILT_IN_ROLES, type Role } from '../roles/role.ts';
import { type ApiRoute, apiRoutes, toRequest } from '../testing/api-routes.ts';
import { startProgram } from '../testing/programs.ts';
import { startApp, type TestServer } from '../testing/start-app.ts';
import type { Permission, Place } from './permissions.ts';
import { type Powers, powersOf } from './powers.ts';

/** Calls a route for its status. What it would stream is not waited for. */
async function statusOf({ app }: TestServer, request: InjectOptions): Promise<number> {
  const response = await app.inject({ ...request, payloadAsStream: true });
  response.stream().destroy();
  return response.statusCode;
}

/** What the guard has to answer; undefined: it lets the call through, and the route answers what it answers. */
function refusalOf({ access, anywhere, place }: ApiRoute, powers: Powers): number | undefined {
  if (access === 'public') return undefined;
  if (access === 'person') return 403;
  // Of a project that one may not read, nobody learns that it is there.
  const isHidden = place.project !== undefined && !powers.can('project:read', { project: place.project });
  if (powers.can(access as Permission, anywhere ? 'anywhere' : place)) return isHidden ? 404 : undefined;
  return isHidden && !anywhere ? 404 : 403;
}

async function checkAll(role: Role | undefined, place: Place): Promise<void> {
  const server = await startApp();
  const { headers } = await startProgram(server, role?.key, place);
  const isProduction = ({ environment }: Place) => environment === 'production';
  const powers = powersOf(role === undefined ? [] : [{ role, place }], isProduction);
  const routes = await apiRoutes(server.app);
  // What removes comes last, so that the others find what they are of.
  const ordered = [
    ...routes.filter(({ method }) => method !== 'DELETE'),
    ...routes.filter(({ method }) => method === 'DELETE'),
  ];
  let refused = 0;
  for (const route of ordered) {
    const refusal = refusalOf(route, powers);
    const status = await statusOf(server, { ...toRequest(route), headers });
    if (refusal !== undefined) refused++;
    if (refusal === undefined) expect([route.name, [401, 403].includes(status)]).toEqual([route.name, false]);
    else expect([route.name, status]).toEqual([route.name, refusal]);
  }
  expect(refused).toBeGreaterThan(0);
}

// Some 300 requests each.
describe('every route lets in exactly those who have its permission', { timeout: 60_000 }, () => {
  for (const role of BUILT_IN_ROLES) {
    test(`${role.key} of the installation`, () => checkAll(role, {}));
  }
  for (const key of ['editor', 'admin']) {
    const role = BUILT_IN_ROLES.find((role) => role.key === key);
    test(`${key} of the project`, () => checkAll(role, { project: 'default' }));
    test(`${key} of production`, () => checkAll(role, { project: 'default', environment: 'production' }));
    test(`${key} of development`, () => checkAll(role, { project: 'default', environment: 'development' }));
  }
  test('nobody with a role', () => checkAll(undefined, {}));
});
