import type { Ruleset } from '@bunting/core';
import { buildApp, readConfig } from '@bunting/server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeTempFolder } from '../processes/temp-folder.ts';
import { comparable, type Expected, itemsOf, loadTopics } from './load.ts';

/** The moment of the case that is being asked. */
let nowMs = 0;
let app: Awaited<ReturnType<typeof buildApp>>;
const folder = makeTempFolder();

beforeAll(async () => {
  app = await buildApp({ ...readConfig(), logLevel: 'silent', dataDir: folder.path }, { now: () => nowMs });
});
afterAll(() => app.close().then(folder.remove));

describe.each(loadTopics())('$name', ({ ruleset, cases }) => {
  beforeAll(() => serve(ruleset));

  // The server has no other server to lose contact with.
  const own = cases.filter(({ contactAgeMs = 0 }) => contactAgeMs === 0);
  test.each(own)('$description', async ({ flagKey, context, nowMs: caseMs = 0, expected }) => {
    nowMs = caseMs;
    const [key] = app.bunting.firstKeys.filter(({ kind }) => kind === 'server');
    const response = await app.inject({
      method: 'POST',
      url: `/ofrep/v1/evaluate/flags/${encodeURIComponent(flagKey)}`,
      headers: { authorization: `Bearer ${key?.secret}`, 'content-type': 'application/json' },
      payload: JSON.stringify({ context }),
    });
    const answer = response.json() as Expected & { key: string };
    // OFREP tells of an error by its code alone.
    const isError = expected.errorCode !== undefined;
    expect(response.statusCode).toBe(!isError ? 200 : expected.errorCode === 'FLAG_NOT_FOUND' ? 404 : 400);
    expect(answer.key).toBe(flagKey);
    if (isError) expect(answer).toMatchObject({ errorCode: expected.errorCode });
    else expect(comparable(answer, expected)).toEqual(comparable(expected, expected));
  });
});

/** Puts a topic's documents, malformed ones too, in place of what the first key's environment serves. */
function serve(documents: Ruleset): void {
  const { revision, kills = [] } = documents;
  const { rulesets, keyRing, firstKeys } = app.bunting;
  const key = keyRing.find(firstKeys.find(({ kind }) => kind === 'server')?.secret ?? '');
  const ruleset = rulesets.get(key?.environmentId ?? '');
  if (ruleset === undefined) throw new Error('the first key has no environment');
  const { environmentId, project, environment } = ruleset;
  rulesets.replace({
    environmentId,
    project,
    environment,
    revision,
    committedAtMs: 0,
    items: itemsOf(documents),
    recent: [],
    kills,
  });
}
