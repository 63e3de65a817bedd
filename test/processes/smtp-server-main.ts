import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { answer } from './remote.ts';

/** A mail server that takes mail of who signs in, over TLS, and tells what it got. */

export interface MailServerPlan {
  readonly keyFile: string;
  readonly certFile: string;
  readonly user: string;
  readonly password: string;
}

export interface ReceivedMail {
  readonly recipients: readonly string[];
  readonly isEncrypted: boolean;
  readonly subject: string | undefined;
  readonly text: string | undefined;
}

const received: ReceivedMail[] = [];

const calls = {
  /** @returns the port */
  async start({ keyFile, certFile, user, password }: MailServerPlan): Promise<number> {
    const server = new SMTPServer({
      key: readFileSync(keyFile),
      cert: readFileSync(certFile),
      disableReverseLookup: true,
      onAuth: (given, _session, callback) =>
        given.username === user && given.password === password ? callback(null, { user }) : callback(new Error('no')),
      async onData(stream, { envelope, secure }, callback) {
        const { subject, text } = await PostalMime.parse(await buffer(stream));
        const recipients = envelope.rcptTo.map(({ address }) => address);
        received.push({ recipients, isEncrypted: secure, subject, text });
        callback(null, 'queued');
      },
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.server.address() as AddressInfo).port;
  },

  received: (): readonly ReceivedMail[] => received,
};
export type MailServerCalls = typeof calls;

answer(calls);
