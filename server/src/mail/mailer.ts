import { readFileSync } from 'node:fs';
import { createTransport } from 'nodemailer';
import type { Config } from '../config/config.ts';
import { ConfigError } from '../config/read-config.ts';

export type MailConfig = Pick<
  Config,
  'smtpHost' | 'smtpPort' | 'smtpTls' | 'smtpUser' | 'smtpPassword' | 'smtpPasswordFile' | 'smtpFrom'
>;

export interface Mail {
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** The same each time the same is sent: mail programs show repetitions once. Letters, digits and hyphens. */
  readonly id: string;
}

/** What the mail server said when it took a message. */
export interface Receipt {
  /** Its last word, such as `250 2.0.0 Ok: queued as 3F`. */
  readonly response: string;
  /** Recipients that it did not take, while it took others. */
  readonly refused: readonly string[];
}

/** Why mail was not taken. */
export class MailFailed extends Error {
  override readonly name = 'MailFailed';
  /** What the server answered, such as 550; undefined: it was not reached, or said nothing. */
  readonly status: number | undefined;

  constructor(message: string, status: number | undefined) {
    super(message);
    this.status = status;
  }
}

/** How long sending a message may take, in milliseconds. */
const TIMEOUT_MS = 10_000;

/** Hands mail to the mail server that the operator named. */
export class Mailer {
  readonly #transport: ReturnType<typeof createTransport>;
  readonly #domain: string;

  /** @throws {ConfigError} for settings that do not go together, or a file that cannot be read */
  constructor(config: MailConfig & { readonly smtpHost: string }) {
    const { smtpHost, smtpTls, smtpUser, smtpFrom } = config;
    if (smtpFrom === undefined)
      throw new ConfigError('BUNTING_SMTP_HOST needs BUNTING_SMTP_FROM: from whom mail comes.');
    const password = passwordOf(config);
    if ((smtpUser === undefined) !== (password === undefined)) {
      throw new ConfigError('BUNTING_SMTP_USER and BUNTING_SMTP_PASSWORD (or ..._PASSWORD_FILE) go together.');
    }
    this.#domain = smtpFrom.slice(smtpFrom.lastIndexOf('@') + 1).replace('>', '');
    this.#transport = createTransport(
      {
        host: smtpHost,
        port: config.smtpPort ?? (smtpTls === 'implicit' ? 465 : 587),
        secure: smtpTls === 'implicit',
        requireTLS: smtpTls === 'starttls',
        ignoreTLS: smtpTls === 'none',
        ...(smtpUser === undefined ? {} : { auth: { user: smtpUser, pass: password } }),
        connectionTimeout: TIMEOUT_MS,
        greetingTimeout: TIMEOUT_MS,
        socketTimeout: TIMEOUT_MS,
        disableFileAccess: true,
        disableUrlAccess: true,
      },
      // So that no holiday notice answers.
      { from: smtpFrom, headers: { 'Auto-Submitted': 'auto-generated' } },
    );
  }

  /** @returns undefined where no mail server is configured */
  static of({ smtpHost, ...config }: MailConfig): Mailer | undefined {
    return smtpHost === undefined ? undefined : new Mailer({ ...config, smtpHost });
  }

  /** @throws {MailFailed} when no recipient was taken */
  async send({ to, subject, text, html, id }: Mail, signal?: AbortSignal): Promise<Receipt> {
    const deadline = AbortSignal.timeout(TIMEOUT_MS);
    try {
      const { response, rejected } = await this.#transport.sendMail({
        // Each as an object: nothing in it is read as more than one address.
        to: to.map((address) => ({ name: '', address })),
        subject,
        text,
        html,
        messageId: `<${id}@${this.#domain}>`,
        signal: signal === undefined ? deadline : AbortSignal.any([deadline, signal]),
      });
      return { response, refused: rejected.map(String) };
    } catch (error) {
      const { message, responseCode } = error as Error & { responseCode?: number };
      const isLate = deadline.aborted && signal?.aborted !== true;
      throw new MailFailed(isLate ? `no answer within ${TIMEOUT_MS} ms` : message, responseCode);
    }
  }
}

function passwordOf({ smtpPassword, smtpPasswordFile }: MailConfig): string | undefined {
  if (smtpPassword !== undefined || smtpPasswordFile === undefined) return smtpPassword;
  try {
    return readFileSync(smtpPasswordFile, 'utf8').replace(/\r?\n$/, '');
  } catch (cause) {
    throw new ConfigError(`Cannot read BUNTING_SMTP_PASSWORD_FILE: ${(cause as Error).message}.`, { cause });
  }
}
