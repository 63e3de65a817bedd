import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startMailServer } from '../testing/mail-server.ts';
import { newFolder } from '../testing/start-app.ts';
import { isMailbox, readMailto } from './addresses.ts';
import { type Mail, type MailConfig, Mailer } from './mailer.ts';

const MAIL: Mail = { to: ['ada@example.com'], subject: 'Hello', text: 'Hello.', html: '<p>Hello.</p>', id: 'e1' };

function mailerOf(port: number, config: Partial<MailConfig> = {}): Mailer {
  const from = 'Bunting <bunting@example.com>';
  const mailer = Mailer.of({ smtpHost: '127.0.0.1', smtpPort: port, smtpTls: 'none', smtpFrom: from, ...config });
  if (mailer === undefined) throw new Error('there is a host');
  return mailer;
}

test('a message arrives in both forms, under an id that stays the same', async () => {
  const { port, received } = await startMailServer();
  const mailer = mailerOf(port);
  for (const to of [['ada@example.com', 'bob@example.org'], ['ada@example.com']]) await mailer.send({ ...MAIL, to });
  expect(received.map(({ recipients }) => recipients)).toEqual([
    ['ada@example.com', 'bob@example.org'],
    ['ada@example.com'],
  ]);
  for (const { mail } of received) {
    expect(mail).toMatchObject({
      messageId: '<e1@example.com>',
      subject: 'Hello',
      from: { name: 'Bunting', address: 'bunting@example.com' },
      text: 'Hello.\n',
      html: '<p>Hello.</p>\n',
    });
    expect(mail.headers).toContainEqual(expect.objectContaining({ key: 'auto-submitted', value: 'auto-generated' }));
  }
});

test('nothing in a subject or a text becomes a header, a recipient or the end of the message', async () => {
  const { port, received } = await startMailServer();
  const subject = 'a\r\nBcc: eve@example.com\r\n\r\nbody\u2028é';
  await mailerOf(port).send({ ...MAIL, subject, text: 'one\r\n.\r\nRCPT TO:<eve@example.com>\r\n..two' });
  const [{ recipients, mail }] = received as [(typeof received)[number]];
  expect(recipients).toEqual(['ada@example.com']);
  expect(mail.headers.map(({ key }) => key)).not.toContain('bcc');
  expect(mail.subject).toContain('Bcc: eve@example.com');
  expect(mail.text).toBe('one\n.\nRCPT TO:<eve@example.com>\n..two\n');
});

test('who has to sign in does so with the password from a file', async () => {
  const { port, received } = await startMailServer({
    authOptional: false,
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _session, callback) =>
      username === 'bunting' && password === 'pass word' ? callback(null, { user: 1 }) : callback(new Error('no')),
  });
  const file = join(newFolder(), 'password');
  writeFileSync(file, 'pass word\n');
  await mailerOf(port, { smtpUser: 'bunting', smtpPasswordFile: file }).send(MAIL);
  expect(received).toHaveLength(1);
  const wrong = mailerOf(port, { smtpUser: 'bunting', smtpPassword: 'secret-that-is-wrong' }).send(MAIL);
  await expect(wrong).rejects.toMatchObject({ name: 'MailFailed', status: 535 });
  await expect(wrong).rejects.not.toThrow('secret-that-is-wrong');
});

test('a password and a message are not sent in the clear unless that was asked for', async () => {
  const { port, received } = await startMailServer({
    authOptional: true,
    onAuth: (_auth, _session, done) => done(null),
  });
  const mailer = mailerOf(port, { smtpTls: 'starttls', smtpUser: 'bunting', smtpPassword: 'x' });
  await expect(mailer.send(MAIL)).rejects.toThrow(/STARTTLS/);
  expect(received).toEqual([]);
});

test('recipients that are refused do not keep it from the others', async () => {
  const { port } = await startMailServer({
    onRcptTo: ({ address }, _session, callback) =>
      callback(address.startsWith('ada') ? null : Object.assign(new Error('no such user'), { responseCode: 550 })),
  });
  const mailer = mailerOf(port);
  const receipt = await mailer.send({ ...MAIL, to: ['ada@example.com', 'bob@example.com'] });
  expect(receipt).toEqual({ response: '250 queued', refused: ['bob@example.com'] });
  await expect(mailer.send({ ...MAIL, to: ['bob@example.com'] })).rejects.toMatchObject({ status: 550 });
});

test('a mail server that says nothing, or is not there, is not waited for', async () => {
  const { port } = await startMailServer({ onConnect: () => {} });
  const hanging = mailerOf(port).send(MAIL, AbortSignal.timeout(50));
  await expect(hanging).rejects.toMatchObject({ name: 'MailFailed', status: undefined });
  await expect(mailerOf(1).send(MAIL)).rejects.toThrow(/ECONNREFUSED/);
});

test.each([
  [{ smtpFrom: undefined }, /needs BUNTING_SMTP_FROM/],
  [{ smtpUser: 'a' }, /go together/],
  [{ smtpPassword: 'a' }, /go together/],
  [{ smtpUser: 'a', smtpPasswordFile: '/nowhere' }, /Cannot read BUNTING_SMTP_PASSWORD_FILE: ENOENT/],
])('settings that do not go together are refused: %j', (config, message) => {
  expect(() => mailerOf(25, config)).toThrow(message);
});

test('without a host there is no mailer', () => {
  expect(Mailer.of({ smtpTls: 'starttls' })).toBeUndefined();
});

test.each([
  'mailto:',
  'mailto:ada',
  'mailto:ada@example.com,',
  'mailto:ada@example.com?bcc=eve@example.com',
  'mailto:ada@example.com%0d%0aRCPT',
  'mailto:ada@example.com\r\nRCPT TO:<eve@example.com>',
  'mailto:"a b"@example.com',
  'mailto:ada@exa mple.com',
  'mailto:ada@example..com',
  'https://example.com',
  `mailto:${Array.from({ length: 21 }, (_, at) => `a${at}@example.com`).join(',')}`,
])('%j names no recipients', (url) => {
  expect(() => readMailto(url)).toThrow(/give such as|it must be mailto:|more than 20/);
});

test('recipients are read, each once', () => {
  expect(readMailto('mailto:a+b@example.com,ops@localhost,a+b@example.com')).toEqual([
    'a+b@example.com',
    'ops@localhost',
  ]);
});

test.each([
  ['bunting@example.com', true],
  ['Bunting <bunting@example.com>', true],
  ['Bunting <bunting@example.com>\r\nBcc: eve@example.com', false],
  ['Bun\r\nting <bunting@example.com>', false],
  ['Bunting', false],
])('%j is a mailbox: %s', (text, expected) => {
  expect(isMailbox(text)).toBe(expected);
});
