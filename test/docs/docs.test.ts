import { globSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { root, run } from '../../tools/steps.ts';
import { launchBrowser, openPage } from '../processes/browser.ts';
import { makeKey } from '../processes/flags.ts';
import { startServer } from '../processes/server.ts';
import { checkTypes } from './check-types.ts';
import { readCodeBlocks } from './code-blocks.ts';
import { isProgram, writeExamples } from './example-files.ts';
import { listFiles } from './named-paths.ts';
import { runGuide } from './run-guide.ts';

const start = 'docs/guides/README.md';
const guides = globSync('docs/guides/*.md', { cwd: root }).filter((file) => file !== start);
/** Fragments, and what declares the names that they only mention. */
const readmes = [
  { document: 'README.md', frame: 'node.d.ts' },
  { document: 'core/README.md', frame: undefined },
  { document: 'sdk-node/README.md', frame: 'node.d.ts' },
  { document: 'sdk-browser/README.md', frame: 'browser.d.ts' },
];

const found = await launchBrowser();
if (!found.browser) console.warn(`pages of the guides are not looked at: ${found.reason}`);
afterAll(() => found.browser?.close());

describe.each(readmes)('the fragments of $document', ({ document, frame }) => {
  test('pass the type checker', async () => {
    expect(await checkTypes(writeExamples(document, readCodeBlocks(document)), frame)).toBe('');
  });
});

test.each(guides)('%s does what it says', async (document) => {
  const server = await startServer({ env: { BUNTING_EGRESS_ALLOW: '127.0.0.1' } });
  try {
    const { secret: sdkKey } = await makeKey(server.api, 'server');
    const { secret: clientKey } = await makeKey(server.api, 'client');
    const port = await freePort();
    const translate = (code: string) =>
      code
        .replaceAll('http://127.0.0.1:4242', server.url)
        .replaceAll('127.0.0.1:3000', `127.0.0.1:${port}`)
        .replaceAll(/\b3000\b/g, String(port))
        .replaceAll('bnt_cli_...', clientKey);
    const blocks = readCodeBlocks(document);
    const folder = writeExamples(document, blocks, translate);
    if (blocks.some(isProgram)) expect(await checkTypes(folder)).toBe('');
    const env = {
      ...{ BUNTING_SDK_KEY: sdkKey, BUNTING_ADMIN_KEY: server.adminKey },
      // For `bunting`, which people have installed.
      ...{ BUNTING_URL: server.url, BUNTING_TOKEN: server.adminKey },
      PATH: `${join(root, 'test/node_modules/.bin')}:${process.env.PATH}`,
    };
    const guide = { folder, env, translate, look };
    await runGuide({ ...guide, blocks: readCodeBlocks(start) });
    expect(await runGuide({ ...guide, blocks })).toEqual([]);
  } finally {
    await server.remove();
  }
});

test('every shell command of the documentation is well-formed', async () => {
  for (const document of listFiles().filter((file) => file.endsWith('.md'))) {
    for (const { code, language, line } of readCodeBlocks(document)) {
      if (language !== 'sh') continue;
      const { output } = await run(['bash', '-nc', code]);
      expect(output, `${document}:${line}`).toBe('');
    }
  }
});

/** The text of a page when nothing more comes, and all that it complains of. */
async function look(url: string, wanted: string): Promise<string | null> {
  if (!found.browser) return null;
  const { page, complaints } = await openPage(found.browser);
  try {
    await page.goto(url, { waitUntil: 'networkidle' });
    const shown = page.locator('#root');
    // What comes over a WebSocket may come after all else.
    await shown
      .filter({ hasText: wanted })
      .waitFor()
      .catch(() => {});
    const text = await shown.textContent();
    // Browsers ask for an icon by themselves.
    return [text, ...complaints.filter((complaint) => !complaint.includes('/favicon.ico'))].join('\n');
  } finally {
    await page.context().close();
  }
}

async function freePort(): Promise<number> {
  const listener = createServer();
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const address = listener.address();
  await new Promise((resolve) => listener.close(resolve));
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}
