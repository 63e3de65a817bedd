import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { expect, onTestFinished, test } from 'vitest';
import { makeFlag } from '../processes/flags.ts';
import { Remote } from '../processes/remote.ts';
import { startServer } from '../processes/server.ts';
import type { MailServerCalls } from '../processes/smtp-server-main.ts';
import { makeTempFolder } from '../processes/temp-folder.ts';

const WEBHOOKS = '/projects/default/webhooks';
const sign = { user: 'bunting', password: 'correct horse' };

/** A mail server with a certificate of its own, in a process of its own. */
async function startMailServer() {
  const folder = makeTempFolder();
  const keyFile = join(folder.path, 'key.pem');
  const certFile = join(folder.path, 'cert.pem');
  const passwordFile = join(folder.path, 'password');
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], { keyType: 'ec' });
  writeFileSync(keyFile, key);
  writeFileSync(certFile, cert);
  writeFileSync(passwordFile, `${sign.password}\n`);
  const remote = new Remote<MailServerCalls>(join(import.meta.dirname, '../processes/smtp-server-main.ts'));
  onTestFinished(async () => {
    await remote.stop();
    folder.remove();
  });
  const port = await remote.call('start', { keyFile, certFile, ...sign });
  const settings = {
    BUNTING_SMTP_HOST: 'localhost',
    BUNTING_SMTP_PORT: String(port),
    BUNTING_SMTP_USER: sign.user,
    BUNTING_SMTP_PASSWORD_FILE: passwordFile,
    BUNTING_SMTP_FROM: 'Bunting <bunting@example.com>',
  };
  return { settings, certFile, received: () => remote.call('received') };
}

test('a kill is told by mail, encrypted, to who is on call', async () => {
  const { settings, certFile, received } = await startMailServer();
  const server = await startServer({ env: { ...settings, NODE_EXTRA_CA_CERTS: certFile } });
  onTestFinished(() => server.remove());
  const { api } = server;
  const url = 'mailto:on-call@example.com';
  await api.call('POST', WEBHOOKS, { name: 'On call', format: 'email', url, filter: { actions: ['urgent'] } });
  await makeFlag(api, { key: 'checkout', type: 'boolean' }, { enabled: true });
  await api.call('POST', '/projects/default/flags/checkout/environments/development/kill', { reason: 'Errors' });
  await expect.poll(received).toEqual([
    {
      recipients: ['on-call@example.com'],
      isEncrypted: true,
      subject: expect.stringContaining('killed flag checkout in development of default'),
      text: expect.stringContaining('Why: Errors'),
    },
  ]);
});

test('to a mail server whose certificate nobody vouches for nothing is sent, and it is said why', async () => {
  const { settings, received } = await startMailServer();
  const server = await startServer({ env: settings });
  onTestFinished(() => server.remove());
  const input = { name: 'On call', format: 'email', url: 'mailto:on-call@example.com' };
  const { id } = await server.api.call<{ id: string }>('POST', WEBHOOKS, input);
  const result = await server.api.call('POST', `${WEBHOOKS}/${id}/test`);
  expect(result).toMatchObject({ delivered: false, error: expect.stringContaining('self-signed certificate') });
  expect(await received()).toEqual([]);
});
