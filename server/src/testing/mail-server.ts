import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { onTestFinished } from 'vitest';

interface Delivered {
  /** To whom it was addressed on the way, whatever its headers say. */
  readonly recipients: readonly string[];
  readonly raw: string;
  readonly mail: Email;
}

export interface MailServer {
  readonly port: number;
  readonly received: Delivered[];
}

/** A mail server that goes with the test. Without other options it takes everything, from anyone, in the clear. */
export async function startMailServer(options: SMTPServerOptions = {}): Promise<MailServer> {
  const received: Delivered[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    // Its own name is not worth a question to a name server.
    disableReverseLookup: true,
    async onData(stream, session, callback) {
      const raw = await buffer(stream);
      const recipients = session.envelope.rcptTo.map(({ address }) => address);
      received.push({ recipients, raw: raw.toString(), mail: await PostalMime.parse(raw) });
      callback(null, 'queued');
    },
    ...options,
  });
  server.on('error', () => {});
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
  return { port: (server.server.address() as AddressInfo).port, received };
}
