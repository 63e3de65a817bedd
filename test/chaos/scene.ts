import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import type { Api } from '../../tools/demo-api.ts';
import { makeKey, readReceipts } from '../processes/flags.ts';
import type { TestServer } from '../processes/server.ts';
import { waitFor } from '../processes/wait.ts';
import { startWitnesses, type Witnesses, type WitnessOptions } from '../processes/witnesses.ts';
import { allKeys, growingKeys, makeEditedFlags } from './edited-flags.ts';
import { Editor } from './editor.ts';
import { freshAnswers, freshValues, readStored, type Stored } from './fresh-answers.ts';
import { openPageWitness, type PageWitness } from './page-witness.ts';

/**
 * What every chaos proof is about: applications that ask flags without a pause, and an editor who changes the same flags
 * without a pause, while the proof breaks what is between them.
 */
export interface Scene {
  readonly sdkKey: string;
  readonly witnesses: Witnesses;
  readonly editor: Editor;
  /**
   * Ends the editing and checks that all came out well: every instance is at the revision of the database and answers
   * as a fresh evaluation of it, no evaluation failed or went backwards, nothing that was acknowledged is lost, and the
   * receipts say so. Resolves with a line for the log.
   */
  settle(options?: SettleOptions): Promise<string>;
  close(): Promise<void>;
}

interface SettleOptions {
  readonly timeoutMs?: number;
  /** Instances besides the scene's own, whose receipts count too. */
  readonly others?: number;
}

export interface SceneOptions extends Pick<WitnessOptions, 'preloads' | 'env' | 'processes'> {
  /** All on one database. */
  readonly servers: readonly TestServer[];
  /** Where the SDKs connect to. Default: the servers themselves. */
  readonly sdkUrls?: readonly string[];
  readonly instances: number;
  /** Whether a page in a real browser takes part, where there is one: at the last of the addresses. */
  readonly withPage?: boolean;
  readonly random: () => number;
}

/** Whom the page asks for. */
const visitor = { targetingKey: 'visitor', country: 'de' };

export async function startScene({ servers, sdkUrls, random, withPage, ...options }: SceneOptions): Promise<Scene> {
  const apis = servers.map(({ api }) => api);
  const [api] = apis;
  if (api === undefined) throw new Error('a scene needs a server');
  await makeEditedFlags(api);
  const { secret: sdkKey } = await makeKey(api, 'server');
  const urls = sdkUrls ?? servers.map(({ url }) => url);
  const witnesses = await startWitnesses({ ...options, urls, sdkKey, keys: allKeys, growing: growingKeys });
  const page = withPage ? await openPage(api, urls.at(-1) ?? '') : undefined;
  const editor = new Editor(apis, random);
  editor.start();
  return {
    sdkKey,
    witnesses,
    editor,
    async settle({ timeoutMs = 90_000, others = 0 } = {}) {
      await editor.stop();
      await editor.editAll();
      const stored = await readStored(api);
      await expectAllEqual(apis, witnesses, timeoutMs);
      editor.expectNothingLost(stored.flags);
      const { answers, faults } = await witnesses.heard();
      expect(faults).toEqual([]);
      expect(answers).toBeGreaterThan(1_000);
      const asked = page && (await expectPageEqual(page, stored, timeoutMs));
      await waitFor(
        'the receipts of all instances',
        async () => (await readReceipts(api)).confirmed === witnesses.count + others,
        timeoutMs,
      );
      return [
        `${witnesses.count} instances at revision ${stored.revision.number}`,
        `${editor.acknowledged} edits acknowledged, ${editor.failed} not`,
        `${answers} answers, none wrong`,
        ...(asked === undefined ? [] : [`${asked} in the page`]),
      ].join('; ');
    },
    async close() {
      await editor.stop();
      await page?.close();
      await witnesses.stop();
    },
  };
}

export async function openPage(api: Api, url: string): Promise<PageWitness | undefined> {
  const { secret } = await makeKey(api, 'client');
  return openPageWitness({ url, clientKey: secret, context: visitor, keys: allKeys, growing: growingKeys });
}

/** The page is live, and has the values that a fresh evaluation gives. Resolves with how many answers it had. */
export async function expectPageEqual(page: PageWitness, stored: Stored, timeoutMs: number): Promise<number> {
  const values = freshValues(stored, visitor);
  await expect.poll(() => page.testify(), { timeout: timeoutMs }).toMatchObject({ state: 'live', values });
  const { answers, faults } = await page.testify();
  expect(faults).toEqual([]);
  expect(answers).toBeGreaterThan(100);
  return answers;
}

/** Every server shows the same state, and every instance has it and answers by it. */
async function expectAllEqual(apis: readonly Api[], witnesses: Witnesses, timeoutMs: number): Promise<void> {
  const [stored, ...others] = await Promise.all(apis.map(readStored));
  if (stored === undefined) return;
  for (const other of others) expect(other).toEqual(stored);
  const expected = { state: 'live', revision: stored.revision, answers: freshAnswers(stored) };
  // Also for their answers: kills and re-arms are outside the revisions.
  await expect
    .poll(
      async () => {
        const states = (await witnesses.testify()).map(({ state, revision, answers }) => ({
          state,
          revision,
          answers,
        }));
        return states.find((state) => !isDeepStrictEqual(state, expected)) ?? expected;
      },
      { timeout: timeoutMs },
    )
    .toEqual(expected);
}
