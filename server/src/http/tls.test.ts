import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import type { FastifyBaseLogger } from 'fastify';
import { generate } from 'selfsigned';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { newFolder, startApp } from '../testing/start-app.ts';
import { followCertificate, readCertificate } from './tls.ts';

/** Writes a certificate of its own. */
async function writeCertificate(folder: string, name = 'localhost') {
  const files = { tlsCertFile: join(folder, 'cert.pem'), tlsKeyFile: join(folder, 'key.pem') };
  const { cert, private: key } = await generate([{ name: 'commonName', value: name }], { keyType: 'ec' });
  writeFileSync(files.tlsKeyFile, key);
  writeFileSync(files.tlsCertFile, cert);
  return files;
}

async function nameServed(port: number): Promise<unknown> {
  const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const { CN } = socket.getPeerCertificate().subject;
  socket.destroy();
  return CN;
}

test('with a certificate the server speaks HTTPS, its stream and cookies too', async () => {
  const files = await writeCertificate(newFolder());
  const { app } = await startApp({ config: files });
  const address = await app.listen({ port: 0, host: '127.0.0.1' });
  expect(address).toMatch(/^https:/);
  const socket = new WebSocket(`${address.replace('https', 'wss')}/stream`, 'bunting.v1', {
    rejectUnauthorized: false,
  });
  await once(socket, 'open');
  socket.close();
  expect(await nameServed(Number(new URL(address).port))).toBe('localhost');
});

test('a renewed certificate is served without a restart, and one that cannot be used changes nothing', async () => {
  const folder = newFolder();
  const files = await writeCertificate(folder);
  const server = createServer(readCertificate(files) ?? {});
  const logs: string[] = [];
  const note = (_: unknown, message: string) => logs.push(message);
  const log = { info: note, warn: note } as unknown as FastifyBaseLogger;
  const stopFollowing = followCertificate(server, files, log, 20);
  onTestFinished(() => {
    stopFollowing();
    server.close();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  await writeCertificate(folder, 'renewed');
  await expect.poll(() => nameServed(port)).toBe('renewed');
  writeFileSync(join(folder, 'cert.pem'), 'broken');
  await expect.poll(() => logs.at(-1)).toContain('the one before stays');
  expect(await nameServed(port)).toBe('renewed');
});

test('what cannot be used is refused at the start, with the fix', async () => {
  const folder = newFolder();
  const files = await writeCertificate(folder);
  expect(readCertificate({})).toBeUndefined();
  expect(() => readCertificate({ tlsCertFile: 'x' })).toThrow(/needs both files/);
  expect(() => readCertificate({ ...files, workers: 2 })).toThrow(/cannot be handed to another process/);
  writeFileSync(files.tlsKeyFile, 'no key');
  expect(() => readCertificate(files)).toThrow(/Cannot serve HTTPS with .*PEM files/);
});
