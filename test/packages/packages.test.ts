import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../../tools/steps.ts';
import { makeFlag, makeKey } from '../processes/flags.ts';
import { startServer, type TestServer } from '../processes/server.ts';
import { makeTempFolder } from '../processes/temp-folder.ts';
import { makeConsumer } from './consumer.ts';
import { nodeBinary } from './node-binary.ts';
import { type PackedPackage, pack } from './pack.ts';

const execute = promisify(execFile);
const sdks = ['core', 'sdk-node', 'sdk-browser'];
const tarballs = makeTempFolder();
const packed = new Map<string, PackedPackage>();

beforeAll(async () => {
  for (const folder of [...sdks, 'server', 'cli']) packed.set(folder, await pack(folder, tarballs.path));
});
afterAll(() => tarballs.remove());

describe.each([...sdks, 'server', 'cli'])('the packed %s', (folder) => {
  const read = () => {
    const found = packed.get(folder);
    if (found === undefined) throw new Error(`${folder} was not packed`);
    return found;
  };

  test('has a license, a README, and neither tests nor sources', () => {
    const { contents } = read();
    expect(contents).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json', 'dist/index.d.ts']));
    const unwanted = /^src\/|\.test\.|\/test\/|\.tsbuildinfo$|(?<!\.d)\.tsx?$/;
    expect(contents.filter((path) => unwanted.test(path))).toEqual([]);
  });

  test('says what it is, and needs nothing of the workspace', () => {
    const { manifest } = read();
    expect(manifest).toMatchObject({
      description: expect.stringMatching(/^.{20,}$/),
      license: 'Apache-2.0',
      type: 'module',
      engines: { node: expect.any(String) },
    });
    expect(JSON.stringify(manifest)).not.toMatch(/workspace:|catalog:/);
    for (const entry of Object.values(manifest.exports)) expect(Object.keys(entry)).toEqual(['types', 'default']);
  });
});

/** Names of all that can be imported from the SDKs with a version of Node. */
function entriesFor(version: string): string[] {
  const entries = [...packed.values()]
    .filter(({ folder }) => sdks.includes(folder))
    .flatMap(({ manifest }) => Object.keys(manifest.exports).map((entry) => entry.replace('.', manifest.name)));
  // msw 3 itself needs Node 22.
  return version.startsWith('20.') ? entries.filter((entry) => !entry.endsWith('/msw')) : entries;
}

describe('in a project of a user', () => {
  const project = makeTempFolder();
  let server: TestServer;

  beforeAll(async () => {
    server = await startServer();
    await makeConsumer(
      project.path,
      sdks.flatMap((folder) => packed.get(folder) ?? []),
    );
  });
  afterAll(async () => {
    await server.remove();
    project.remove();
  });

  const programs = [
    { file: 'import.mjs', done: 'imported' },
    { file: 'require.cjs', done: 'required' },
  ];
  describe.each(['20.19.0', '22.12.0', process.versions.node])('on Node %s', (version) => {
    test.for(programs)('$file loads every entry, lives with a server, and ends', async ({ file, done }, { skip }) => {
      const node = await nodeBinary(version);
      if (node.path === undefined) {
        console.warn(`skipped: ${node.reason}`);
        return skip(node.reason);
      }
      const flag = `${done}-${version}`;
      await makeFlag(server.api, { key: flag, type: 'boolean' });
      const { secret } = await makeKey(server.api, 'server');
      const variables = { BUNTING_URL: server.url, BUNTING_SDK_KEY: secret, BUNTING_ADMIN_KEY: server.adminKey };
      const env = { ...variables, FLAG: flag, ENTRIES: entriesFor(version).join(' ') };
      const ran = await execute(node.path, [file], { cwd: project.path, env, timeout: 20_000 });
      expect(ran.stdout).toBe(`${done} on v${version}\n`);
    });
  });

  test.each([
    ['service.mts', 'nodenext'],
    ['service.cts', 'nodenext'],
    ['page.tsx', 'bundler'],
  ])('%s passes the type checker with moduleResolution %s', async (file, moduleResolution) => {
    const module = moduleResolution === 'bundler' ? 'esnext' : moduleResolution;
    const environment = { target: 'es2023', lib: ['es2023', 'dom'], types: ['node'], jsx: 'react-jsx' };
    const compilerOptions = { ...environment, strict: true, noEmit: true, module, moduleResolution };
    const config = join(project.path, `tsconfig.${file}.json`);
    writeFileSync(config, JSON.stringify({ compilerOptions, files: [file] }));
    const tsc = [join(root, 'node_modules/typescript/bin/tsc'), '-p', config];
    const { stdout } = await execute(process.execPath, tsc).catch((error: { stdout: string }) => error);
    expect(stdout).toBe('');
  });
});
