import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { connect } from '../connect.ts';
import type { ConnectOptions } from '../options.ts';
import { flagOf, offFlag, onFlag, snapshot } from '../test/documents.ts';
import { startServer } from '../test/live-client.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function start(url: string, options: Partial<ConnectOptions> = {}) {
  const lines: string[] = [];
  const logger = { warn: (line: string) => void lines.push(line) };
  const flags = connect({ url, sdkKey: 'bnt_srv_1', logger, ...options });
  cleanups.push(() => flags.close());
  return { flags, lines };
}

async function startLive(options: Partial<ConnectOptions>) {
  const server = await startServer();
  const started = start(server.url, options);
  const peer = await server.next();
  peer.send(
    snapshot(1, [offFlag('a'), { ...onFlag('b'), clientVisible: true }, flagOf('words', 'string', { x: 'x' })]),
  );
  await started.flags.ready();
  return { ...started, peer };
}

const OVERRIDDEN = { reason: 'STATIC', variant: 'override', flagMetadata: { cause: 'override' }, errorCode: undefined };

describe('overrides', () => {
  it('answer in place of the server, before and after it has been reached, and others stay', async () => {
    const { flags, peer } = await startLive({ overrides: { a: true, words: 'mine' } });
    expect(flags.getBooleanDetails('a', false)).toMatchObject({ value: true, ...OVERRIDDEN, state: 'live' });
    expect(flags.getStringValue<string>('words', '')).toBe('mine');
    expect(flags.isEnabled('b')).toBe(true);
    peer.send({ type: 'kill', flag: 'a', epoch: 1, engaged: true }, snapshot(2, [offFlag('a'), offFlag('b')]));
    await expect.poll(() => flags.isEnabled('b')).toBe(false);
    expect(flags.isEnabled('a')).toBe(true);

    const { flags: alone } = start('http://127.0.0.1:9', { overrides: { a: true } });
    expect(alone.getBooleanDetails('a', false)).toMatchObject({ value: true, ...OVERRIDDEN, state: 'default' });
    expect(alone.getBooleanDetails('b', false)).toMatchObject({ value: false, errorCode: 'PROVIDER_NOT_READY' });
    expect(alone.all()).toBeUndefined();
  });

  it('are of another type only for who asks for another type', async () => {
    const { flags } = await startLive({ overrides: { words: true } });
    expect(flags.getStringDetails('words', 'mine')).toMatchObject({ value: 'mine', errorCode: 'TYPE_MISMATCH' });
  });

  it('reach pages through all(), but show them no more flags', async () => {
    const { flags } = await startLive({ overrides: { a: true, b: false, other: 1 } });
    expect(flags.all()?.values).toEqual({ b: { value: false, variant: 'override', reason: 'STATIC' } });
  });

  it('are not counted as what the server would serve', async () => {
    const { flags, peer } = await startLive({ overrides: { a: true } });
    flags.isEnabled('a');
    flags.isEnabled('b');
    await flags.close();
    expect(await peer.receive('telemetry')).toMatchObject({ exposures: [{ flag: 'b', count: 1 }] });
  });

  it('are not measured as what the server would serve', async () => {
    const { flags, peer } = await startLive({ overrides: { a: true } });
    peer.send({ type: 'welcome', takes: ['measurements'] });
    const sides = { off: () => 'old', on: () => 'new' };
    expect(['a', 'b'].map((key) => flags.run(key, sides))).toEqual(['new', 'new']);
    expect((await peer.receive('measurements')).paths).toMatchObject([{ flag: 'b', count: 1 }]);
  });

  it("confirm a migration's stage, with no server in sight", async () => {
    const { flags } = start('http://127.0.0.1:9', { overrides: { orders: 'dualWrite' } });
    const both = { old: () => 'old', new: () => 'new' };
    const written = await flags.migrate('orders', { read: both, write: both }).write();
    expect(written).toEqual({ value: 'old', authoritative: 'old', other: 'written' });
  });

  it('come from BUNTING_OVERRIDES, and from the option first', () => {
    vi.stubEnv('BUNTING_OVERRIDES', '{"a":true,"words":"env"}');
    const { flags } = start('http://127.0.0.1:9', { overrides: { words: 'option' } });
    expect(flags.isEnabled('a')).toBe(true);
    expect(flags.getStringValue<string>('words', '')).toBe('option');
  });

  it('come from a file, which is followed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bunting-overrides-'));
    cleanups.push(() => rm(folder, { recursive: true, force: true }));
    const path = join(folder, 'flags.json');
    vi.stubEnv('BUNTING_OVERRIDES_FILE', path);
    const { flags, lines } = await startLive({});
    expect(lines).toEqual([expect.stringContaining('has no overrides: ENOENT')]);
    const changed: string[] = [];
    flags.on('change', ({ keys }) => void changed.push(...keys));
    await writeFile(path, '{"a":true}');
    await expect.poll(() => flags.isEnabled('a'), { timeout: 5_000 }).toBe(true);
    expect(changed).toEqual(['a']);
    await writeFile(path, '{"a":tr');
    await expect.poll(() => lines.at(-1), { timeout: 5_000 }).toContain('must be JSON such as');
    expect(flags.isEnabled('a')).toBe(true);
    await writeFile(`${path}.new`, '{"b":false}');
    await rename(`${path}.new`, path);
    await expect.poll(() => flags.isEnabled('b'), { timeout: 5_000 }).toBe(false);
    expect(flags.isEnabled('a')).toBe(false);
  });

  it.each([
    [{ overrides: [true] as never }, 'overrides must be an object of values by flag key'],
    [{ overrides: { a: Number.NaN } }, 'the value of "a" must be a boolean'],
    [{ overrides: { a: (() => true) as never } }, 'the value of "a" must be a boolean'],
    [{ overrides: { a: null } }, 'the value of "a" must be a boolean'],
  ])('that cannot be used are named: %j', (options, problem) => {
    expect(start('http://127.0.0.1:9', options).lines).toEqual([expect.stringContaining(problem)]);
  });

  it('are ignored in production, unless that is wanted', () => {
    vi.stubEnv('NODE_ENV', 'production');
    vi.stubEnv('BUNTING_OVERRIDES', '{"a":true}');
    const { flags, lines } = start('http://127.0.0.1:9');
    expect(flags.isEnabled('a')).toBe(false);
    expect(lines).toEqual([expect.stringContaining('set allowOverridesInProduction')]);
    expect(start('http://127.0.0.1:9', { allowOverridesInProduction: true }).flags.isEnabled('a')).toBe(true);
  });
});
