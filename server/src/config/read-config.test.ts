import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { newFolder } from '../testing/start-app.ts';
import { readConfig } from './read-config.ts';

function fileWith(content: string): string {
  const file = join(newFolder(), 'config.json');
  writeFileSync(file, content);
  return file;
}

test('needs nothing', () => {
  expect(readConfig()).toEqual({
    host: '127.0.0.1',
    port: 4242,
    dataDir: './data',
    databasePoolSize: 10,
    databaseConnectTimeoutMs: 2_000,
    databaseStatementTimeoutMs: 5_000,
    databaseLockTimeoutMs: 3_000,
    databaseIdleTransactionTimeoutMs: 10_000,
    databasePollMs: 1_000,
    logLevel: 'info',
    drainTimeoutMs: 10_000,
    streamAdmitsPerSecond: 3_000,
    streamSnapshotBytesPerSecond: 128_000_000,
    contextSamples: 10_000,
    contextRetentionHours: 24,
    signalRetentionDays: 30,
    evaluationsPerKeyPerSecond: 5_000,
    evaluationsPerAddressPerSecond: 200,
    eventStreamsPerKey: 10_000,
    gateRetentionDays: 90,
    releaseRetentionDays: 365,
    requestsPerCallerPerSecond: 500,
    requestsPerAddressPerSecond: 50,
    streamMaxConnectionAgeMs: 1_800_000,
    auditCheckpointMs: 300_000,
    auditOriginRetentionDays: 365,
    historyRetentionDays: 365,
    workers: 0,
    egressAllow: [],
    trafficNginx: 'nginx',
    trafficPaths: [],
    trafficNamespaces: [],
    smtpTls: 'starttls',
    trustProxy: false,
  });
});

test('flags win over variables, variables over the file', () => {
  const config = fileWith('{"host": "file", "port": 1, "dataDir": "file", "drainTimeoutMs": 5}');
  const env = { BUNTING_HOST: 'env', BUNTING_PORT: '2', BUNTING_LOG_LEVEL: '' };
  expect(readConfig({ flags: { config, port: '3' }, env })).toMatchObject({
    host: 'env',
    port: 3,
    dataDir: 'file',
    drainTimeoutMs: 5,
    logLevel: 'info',
  });
});

test.each([
  [{ BUNTING_PORT: '70000' }, 'BUNTING_PORT: give a port between 0 and 65535'],
  [{ BUNTING_PORT: '42x' }, 'BUNTING_PORT: give a port between 0 and 65535'],
  [{ BUNTING_LOG_LEVEL: 'loud' }, 'BUNTING_LOG_LEVEL: give one of trace, debug'],
  [{ BUNTING_PUBLIC_URL: 'flags.example.com' }, 'BUNTING_PUBLIC_URL: give an http or https URL'],
  [{ BUNTING_PUBLIC_URL: 'ftp://flags.example.com' }, 'BUNTING_PUBLIC_URL: give an http or https URL'],
  [{ BUNTING_BOOTSTRAP_ADMIN_KEY: 'hunter2' }, 'BUNTING_BOOTSTRAP_ADMIN_KEY: give bnt_adm_ and 43 characters'],
  [{ BUNTING_DRAIN_TIMEOUT_MS: '-1' }, 'BUNTING_DRAIN_TIMEOUT_MS: give milliseconds between 0 and 600000'],
])('%j is refused with the name and the fix', (env, message) => {
  expect(() => readConfig({ env })).toThrow(message);
});

test('every wrong setting is named at once, by where it came from, without its value', () => {
  const config = fileWith('{"port": "many", "prot": 1}');
  const env = { BUNTING_BOOTSTRAP_ADMIN_KEY: 'hunter2' };
  const read = () => readConfig({ flags: { config, 'log-level': 'loud' }, env });
  expect(read).toThrow(`port in ${config}: give a port`);
  expect(read).toThrow(`prot in ${config}: there is no such setting; known are host, port`);
  expect(read).toThrow('--log-level: give one of');
  expect(read).not.toThrow('hunter2');
});

test.each([
  ['{', /Cannot read the configuration file .*config\.json \(--config\)/],
  ['[]', /must hold a JSON object/],
])('a file with %s is refused', (content, message) => {
  expect(() => readConfig({ flags: { config: fileWith(content) } })).toThrow(message);
});

test('a file that is not there is refused', () => {
  expect(() => readConfig({ flags: { config: '/nowhere/config.json' } })).toThrow(
    /Cannot read .*\/nowhere\/config\.json/,
  );
});

test.each([
  ['true', true],
  ['false', false],
  ['10.0.0.0/8,127.0.0.1', '10.0.0.0/8,127.0.0.1'],
])('BUNTING_TRUST_PROXY=%s', (value, expected) => {
  expect(readConfig({ env: { BUNTING_TRUST_PROXY: value } }).trustProxy).toBe(expected);
});

test('the database may be named as platforms name it; what is meant for Bunting alone wins', () => {
  const DATABASE_URL = 'postgres://platform/db';
  expect(readConfig({ env: { DATABASE_URL } }).databaseUrl).toBe(DATABASE_URL);
  const BUNTING_DATABASE_URL = 'postgresql://us:secret@localhost:5433/bunting?sslmode=require';
  expect(readConfig({ env: { DATABASE_URL, BUNTING_DATABASE_URL } }).databaseUrl).toBe(BUNTING_DATABASE_URL);
});

test.each(['mysql://us:secret@localhost/db', 'postgres://us:se cret@localhost/db', 'postgres://us:secret@[/db'])(
  '%s names no database, and is not repeated',
  (url) => {
    const read = () => readConfig({ env: { DATABASE_URL: url } });
    expect(read).toThrow('DATABASE_URL: give a URL');
    expect(read).not.toThrow('cret');
  },
);

test('a public URL loses its trailing slash', () => {
  expect(readConfig({ env: { BUNTING_PUBLIC_URL: 'https://flags.example.com/' } }).publicUrl).toBe(
    'https://flags.example.com',
  );
});
