import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll } from 'vitest';
import type { Flag, Project } from '../api/types.ts';

/** Where the client calls when there is no page. */
export const origin = 'http://localhost/api/v1';

/** Answers the client's calls with what a test says the server answers. A call that no handler expects fails the test. */
export function answerWith() {
  const server = setupServer();
  beforeAll(() => server.listen({ onUnhandledFrame: 'error' }));
  afterEach(() => server.resetHandlers());
  afterAll(() => server.close());
  return server;
}

/** A refusal in the server's form. */
export function refuse(status: number, code: string, message: string, details?: unknown) {
  return HttpResponse.json(
    { code, message, ...(details !== undefined && { details }), requestId: 'req-1' },
    { status },
  );
}

export const environmentPath = `${origin}/projects/shop/flags/new-checkout/environments/production`;

/** A flag that is off everywhere, at version 3 in production. */
export const flag: Flag = {
  key: 'new-checkout',
  type: 'boolean',
  name: 'new-checkout',
  description: '',
  kind: 'release',
  owner: null,
  tags: [],
  links: [],
  lifetimeDays: 40,
  expectedUntil: '2030-02-10T00:00:00.000Z',
  variants: [
    { name: 'on', value: true },
    { name: 'off', value: false },
  ],
  bucketKey: 'new-checkout',
  clientVisible: false,
  createdAt: '2030-01-01T00:00:00.000Z',
  updatedAt: '2030-01-01T00:00:00.000Z',
  archivedAt: null,
  version: 1,
  environments: { development: environment(1), production: environment(3) },
};

function environment(version: number): Flag['environments'][string] {
  return {
    enabled: false,
    offVariant: 'off',
    rules: [],
    defaultRule: { variant: 'on' },
    version,
    updatedAt: '2030-01-01T00:00:00.000Z',
  };
}

/** The flag as it is after a change of production. */
export function changed(part: Partial<Flag['environments'][string]>): Flag {
  return { ...flag, environments: { ...flag.environments, production: { ...environment(4), ...part } } };
}

const project: Project = {
  key: 'shop',
  name: 'Shop',
  version: 1,
  createdAt: '2030-01-01T00:00:00.000Z',
  flagCount: 1,
  environments: [],
};

/** What someone who is signed in gets when the application starts. */
export const signedIn = [
  http.get(`${origin}/session`, () =>
    HttpResponse.json({ user: { id: 'u1', email: 'owner@example.com', name: 'Owner' }, mustEnrol: false }),
  ),
  http.get(`${origin}/projects`, () => HttpResponse.json({ items: [project], nextCursor: null })),
  http.get(`${origin}/projects/shop`, () => HttpResponse.json(project)),
  http.get(`${origin}/permissions`, () => HttpResponse.json({ permissions: [] })),
  http.get(`${origin}/projects/shop/flags`, () => HttpResponse.json({ items: [], nextCursor: null, matching: 0 })),
];
