import { z } from 'zod';
import { isAddressPolicy } from '../egress/address-policy.ts';
import { isMasterKey, MASTER_KEY_FORM } from '../vault/parse-master-keys.ts';
import { AUDIT_SOURCES, auditSettings } from './audit-settings.ts';
import { CONTEXT_SOURCES, contextSettings } from './context-settings.ts';
import { DATABASE_SOURCES, databaseSettings } from './database-settings.ts';
import { EVALUATION_SOURCES, evaluationSettings } from './evaluation-settings.ts';
import { GATE_SOURCES, gateSettings } from './gate-settings.ts';
import { MAIL_SOURCES, mailSettings } from './mail-settings.ts';
import { REQUEST_SOURCES, requestSettings } from './request-settings.ts';
import { SIGNAL_SOURCES, signalSettings } from './signal-settings.ts';
import { STREAM_SOURCES, streamSettings } from './stream-settings.ts';
import { TRAFFIC_SOURCES, trafficSettings } from './traffic-settings.ts';
import { whole } from './whole.ts';

/** Where a setting may come from besides its name here: an environment variable and, for some, a flag. */
export interface Source {
  readonly variable: string;
  readonly flag?: string;
  /** Another variable that counts when the first is not there: a name that platforms set. */
  readonly alias?: string;
}

/** What the server is started with. Written by people, hence zod. */
export const Config = z.strictObject({
  /** Address to listen on. */
  host: z.string().min(1, 'give an address such as 127.0.0.1 or 0.0.0.0').default('127.0.0.1'),
  /** Port to listen on; 0 takes any that is free. */
  port: whole('give a port between 0 and 65535', 0, 65_535).default(4242),
  /** Folder of the database when it is SQLite; made when it is not there. */
  dataDir: z.string().min(1, 'give the path of a folder').default('./data'),
  ...databaseSettings,
  /** How people and SDKs reach this server. Default: derived from host and port. */
  publicUrl: z
    .url({ protocol: /^https?$/, error: 'give an http or https URL such as https://flags.example.com' })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  /** The certificate, with its chain, and its key, as PEM files: the server then speaks HTTPS itself. Default: HTTP. */
  tlsCertFile: z.string().min(1, 'give the path of a PEM file').optional(),
  tlsKeyFile: z.string().min(1, 'give the path of a PEM file').optional(),
  /** Where the other servers of the installation reach this one. Default: derived from host and port. */
  internalUrl: z
    .url({ protocol: /^https?$/, error: 'give an http or https URL such as http://10.0.0.5:4242' })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  logLevel: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
      error: 'give one of trace, debug, info, warn, error, fatal, silent',
    })
    .default('info'),
  /** An admin key that is made at start when it is not there, so that automation can begin. */
  bootstrapAdminKey: z
    .string()
    .regex(/^bnt_adm_[A-Za-z0-9_-]{43}$/, 'give bnt_adm_ and 43 characters of base64url (32 random bytes)')
    .optional(),
  /** What secrets in the database are sealed under: the key, and after a rotation the earlier ones behind it. */
  masterKey: z.string().refine(isMasterKey, `give ${MASTER_KEY_FORM}`).optional(),
  /** A file with the same. Default: `master.key` in `dataDir`, made at the first start, where the database is SQLite. */
  masterKeyFile: z.string().min(1, 'give the path of a file').optional(),
  /** Folder of the built admin UI. Default: found beside this package. */
  uiDir: z.string().min(1, 'give the path of a folder').optional(),
  /** How long a shutdown may wait for requests and sockets to end, in milliseconds. */
  drainTimeoutMs: whole('give milliseconds between 0 and 600000', 0, 600_000).default(10_000),
  ...streamSettings,
  ...evaluationSettings,
  ...requestSettings,
  ...contextSettings,
  ...auditSettings,
  ...mailSettings,
  ...signalSettings,
  ...gateSettings,
  ...trafficSettings,
  /** Processes that divide the stream's sockets among them; 0: the one process serves them itself. */
  workers: whole('give a number of processes between 0 and 64', 0, 64).default(0),
  /** Hosts, addresses and blocks besides the public internet that webhooks may lead to; `*`: everywhere. */
  egressAllow: z
    .union([z.array(z.string()), z.string().transform((text) => text.split(/[\s,]+/).filter((part) => part !== ''))])
    .refine(isAddressPolicy, 'give hosts, addresses or blocks such as hooks.internal,10.0.0.0/8')
    .default([]),
  /** Folder of the programs that migration plans may run. Default: they may run none. */
  migrationCommands: z.string().min(1, 'give the path of a folder').optional(),
  /** Believe X-Forwarded-* headers: true, or the proxies' addresses, separated by commas. Default: nobody. */
  trustProxy: z
    .union([z.boolean(), z.string()])
    .transform((value) => (value === 'true' ? true : value === 'false' ? false : value))
    .refine((value) => value !== '', 'give true, false or addresses such as 10.0.0.0/8,127.0.0.1')
    .default(false),
});
export type Config = z.infer<typeof Config>;

export const SOURCES: Readonly<Record<keyof Config, Source>> = {
  host: { variable: 'BUNTING_HOST', flag: 'host' },
  port: { variable: 'BUNTING_PORT', flag: 'port' },
  dataDir: { variable: 'BUNTING_DATA_DIR', flag: 'data-dir' },
  ...DATABASE_SOURCES,
  publicUrl: { variable: 'BUNTING_PUBLIC_URL', flag: 'public-url' },
  tlsCertFile: { variable: 'BUNTING_TLS_CERT_FILE' },
  tlsKeyFile: { variable: 'BUNTING_TLS_KEY_FILE' },
  internalUrl: { variable: 'BUNTING_INTERNAL_URL' },
  logLevel: { variable: 'BUNTING_LOG_LEVEL', flag: 'log-level' },
  bootstrapAdminKey: { variable: 'BUNTING_BOOTSTRAP_ADMIN_KEY' },
  masterKey: { variable: 'BUNTING_MASTER_KEY' },
  masterKeyFile: { variable: 'BUNTING_MASTER_KEY_FILE' },
  uiDir: { variable: 'BUNTING_UI_DIR' },
  drainTimeoutMs: { variable: 'BUNTING_DRAIN_TIMEOUT_MS' },
  ...STREAM_SOURCES,
  ...EVALUATION_SOURCES,
  ...REQUEST_SOURCES,
  ...CONTEXT_SOURCES,
  ...AUDIT_SOURCES,
  ...SIGNAL_SOURCES,
  ...GATE_SOURCES,
  ...TRAFFIC_SOURCES,
  ...MAIL_SOURCES,
  workers: { variable: 'BUNTING_WORKERS', flag: 'workers' },
  egressAllow: { variable: 'BUNTING_EGRESS_ALLOW' },
  migrationCommands: { variable: 'BUNTING_MIGRATION_COMMANDS' },
  trustProxy: { variable: 'BUNTING_TRUST_PROXY' },
};
