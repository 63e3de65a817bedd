import { describe, expect, it } from 'vitest';
import { readOptions } from './options.ts';

const GOOD = { url: 'https://flags.example.com', sdkKey: 'bnt_srv_1' };
const read = (options: unknown, environment = {}) => readOptions(options, environment);

describe('the options of connect', () => {
  it.each([
    ['http://localhost:4242', 'ws://localhost:4242/stream'],
    ['https://flags.example.com/', 'wss://flags.example.com/stream'],
    ['ws://localhost:4242', 'ws://localhost:4242/stream'],
    ['wss://example.com/bunting/stream', 'wss://example.com/bunting/stream'],
    ['https://example.com/own-path?tenant=7#top', 'wss://example.com/own-path?tenant=7'],
    ['http://[::1]:4242', 'ws://[::1]:4242/stream'],
  ])('take %s for %s', (url, expected) => {
    expect(read({ ...GOOD, url })).toMatchObject({ target: { url: expected }, problems: [] });
  });

  it.each([
    [{ url: 'https://a.example' }, 'sdkKey must be a server key'],
    [{ ...GOOD, sdkKey: '  ' }, 'sdkKey must be a server key'],
    [{ ...GOOD, sdkKey: 'bnt_cli_1' }, 'is a client key'],
    [{ sdkKey: 'bnt_srv_1' }, 'url must be the address of the server'],
    [{ ...GOOD, url: 'flags.example.com' }, 'such as https://flags.example.com; got "flags.example.com"'],
    [{ ...GOOD, url: 'ftp://a.example' }, 'ftp: is none of http:, https:, ws:, wss:'],
    [undefined, 'url must be'],
    ['https://a.example', 'url must be'],
  ])('leave nothing to connect to when they are %j', (options, problem) => {
    const settings = read(options);
    expect(settings.target).toBeUndefined();
    expect(settings.problems.join('\n')).toContain(problem);
  });

  it.each([
    [{ staleAfterMs: 0 }, 'staleAfterMs must be', { staleAfterMs: 60_000 }],
    [{ staleAfterMs: Number.NaN }, 'staleAfterMs must be', { staleAfterMs: 60_000 }],
    [{ transports: [] }, 'transports must be', { transports: ['websocket', 'sse', 'polling'] }],
    [{ transports: ['sse', 'sse'] }, 'each once', { transports: ['websocket', 'sse', 'polling'] }],
    [{ transports: ['carrier pigeon'] }, 'some of websocket, sse, polling', {}],
    [{ pollIntervalMs: 10 }, 'pollIntervalMs must be', { pollIntervalMs: 15_000 }],
    [{ logger: 'console' }, 'logger must be', {}],
    [{ app: 7 }, 'app must be a string', { instance: {} }],
    [{ instanceId: 'x'.repeat(201) }, 'instanceId is longer than 200 characters', {}],
    [{ deploy: { stage: 1 } }, 'deploy.stage must be a string', { deploy: undefined }],
    [{ sdkkey: 'x' }, 'unknown option sdkkey; the options are url, sdkKey', {}],
  ])('name what they cannot use in %j and go on with the default', (options, problem, expected) => {
    const settings = read({ ...GOOD, ...options });
    expect(settings).toMatchObject({ target: { sdkKey: 'bnt_srv_1' }, ...expected });
    expect(settings.problems).toEqual([expect.stringContaining(problem)]);
  });

  it('survive being an object that throws when it is read', () => {
    const options = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('no');
        },
      },
    );
    expect(read(options).problems).toEqual([expect.stringContaining('cannot be read')]);
  });

  it('never repeat the key in what they complain about', () => {
    const { problems } = read({ url: 'nowhere', sdkKey: 'bnt_cli_secret', logger: 7 });
    expect(problems.join()).not.toContain('secret');
  });

  it('take the deploy from the environment, field by field, unless given', () => {
    const environment = {
      BUNTING_DEPLOY_VERSION: '1.4.0',
      BUNTING_DEPLOY_STAGE: 'canary',
      BUNTING_DEPLOY_COLOR: 'blue',
    };
    expect(read({ ...GOOD, deploy: { stage: 'full' } }, environment).deploy).toEqual({
      version: '1.4.0',
      stage: 'full',
      color: 'blue',
    });
    expect(read(GOOD).deploy).toBeUndefined();
  });

  it('cut the line break off a key that was read from a file', () => {
    expect(read({ ...GOOD, sdkKey: 'bnt_srv_1\n' }).target?.sdkKey).toBe('bnt_srv_1');
  });

  it('give each process an instance id of its own unless one is given', () => {
    expect(read(GOOD).instance.id).not.toBe(read(GOOD).instance.id);
    expect(read({ ...GOOD, instanceId: 'pod-1' }).instance.id).toBe('pod-1');
  });
});
