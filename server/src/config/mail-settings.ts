import { z } from 'zod';
import { isMailbox } from '../mail/addresses.ts';
import type { Source } from './config.ts';
import { whole } from './whole.ts';

/** The mail server that takes what this one has to say by e-mail. Without a host no mail is sent. */
export const mailSettings = {
  smtpHost: z.string().min(1, 'give a host such as mail.example.com').optional(),
  /** Default: 465 when TLS is implicit, else 587. */
  smtpPort: whole('give a port between 1 and 65535', 1, 65_535).optional(),
  /** starttls: refused by who cannot encrypt; implicit: TLS from the first byte; none: for a mail server on this machine. */
  smtpTls: z
    .enum(['starttls', 'implicit', 'none'], { error: 'give one of starttls, implicit, none' })
    .default('starttls'),
  smtpUser: z.string().min(1, 'give the name to sign in with').optional(),
  smtpPassword: z.string().min(1, 'give a password').optional(),
  /** A file with the same. */
  smtpPasswordFile: z.string().min(1, 'give the path of a file').optional(),
  /** From whom mail comes. */
  smtpFrom: z
    .string()
    .refine(isMailbox, 'give an address such as bunting@example.com or Bunting <bunting@example.com>')
    .optional(),
};

export const MAIL_SOURCES = {
  smtpHost: { variable: 'BUNTING_SMTP_HOST' },
  smtpPort: { variable: 'BUNTING_SMTP_PORT' },
  smtpTls: { variable: 'BUNTING_SMTP_TLS' },
  smtpUser: { variable: 'BUNTING_SMTP_USER' },
  smtpPassword: { variable: 'BUNTING_SMTP_PASSWORD' },
  smtpPasswordFile: { variable: 'BUNTING_SMTP_PASSWORD_FILE' },
  smtpFrom: { variable: 'BUNTING_SMTP_FROM' },
} satisfies Readonly<Record<keyof typeof mailSettings, Source>>;
