import { expect, test } from 'vitest';
import { startApp } from '../testing/start-app.ts';

interface Operation {
  security?: unknown[];
  operationId?: string;
  summary?: string;
  tags?: string[];
  responses: Record<string, { content?: Record<string, { schema: unknown }> }>;
}

async function document() {
  const { app } = await startApp();
  const response = await app.inject('/docs/json');
  return { app, document: response.json(), text: response.body };
}

test('every operation has an id of its own, a tag, a summary, and errors in the one form', async () => {
  const { document: api } = await document();
  expect(api.openapi).toBe('3.1.0');
  const operations = Object.values(api.paths as Record<string, Record<string, Operation>>).flatMap((path) =>
    Object.values(path),
  );
  const ids = operations.map(({ operationId }) => operationId);
  expect(new Set(ids).size).toBe(ids.length);
  const described = api.tags.map(({ name }: { name: string }) => name);
  for (const { operationId, summary, tags, responses } of operations) {
    expect(operationId).toMatch(/^[a-z][A-Za-z]+$/);
    expect([operationId, summary]).toEqual([operationId, expect.stringMatching(/^[A-Z].{5,}/)]);
    expect([operationId, tags?.length, described]).toEqual([operationId, 1, expect.arrayContaining(tags ?? [])]);
    for (const [status, { content }] of Object.entries(responses)) {
      // What OFREP says of errors in evaluations is not ours to change.
      if (Number(status) < 400 || operationId === 'getReadiness' || tags?.includes('evaluation')) continue;
      const [type, name] = tags?.includes('scim')
        ? ['application/scim+json', 'ScimError']
        : ['application/json', 'Error'];
      expect(content?.[type]?.schema).toMatchObject({ $ref: `#/components/schemas/${name}` });
    }
  }
});

test('what anyone may call asks for no sign-in, everything else does', async () => {
  const { document: api } = await document();
  expect(api.security).toEqual([{ session: [] }, { adminKey: [] }]);
  expect(api.paths['/api/v1/setup'].post.security).toEqual([]);
  expect(api.paths['/healthz'].get.security).toEqual([]);
  expect(api.paths['/api/v1/projects'].get.security).toBeUndefined();
});

test('every reference leads to a component', async () => {
  const { document: api, text } = await document();
  const references = [...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name);
  expect(references.length).toBeGreaterThan(50);
  for (const name of references) expect(Object.keys(api.components.schemas)).toContain(name);
  expect(Object.keys(api.components.schemas).join()).not.toMatch(/Schema\d/);
});

test('people can read it at /docs, under a policy that lets it run', async () => {
  const { app } = await document();
  const response = await app.inject('/docs');
  expect(response.statusCode).toBe(200);
  expect(response.body).toContain('swagger-ui');
  expect(response.headers['content-security-policy']).toContain("script-src 'self'");
});
