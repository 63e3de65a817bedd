import { z } from 'zod';
import { Config, SOURCES, type Source } from './config.ts';
import { EVALUATION_SOURCES, evaluationSettings } from './evaluation-settings.ts';
import { STREAM_SOURCES, streamSettings } from './stream-settings.ts';

const url = z.url({ protocol: /^https?$/, error: 'give the http or https URL of a Bunting server or relay' });
const key = z.string().regex(/^bnt_rly_[A-Za-z0-9_-]{43}$/, 'give relay keys (bnt_rly_...), one for each environment');
const NO_KEYS = 'give at least one relay key; one is made by the keys API with the kind relay';

const { host, port, logLevel, drainTimeoutMs, workers, trustProxy, tlsCertFile, tlsKeyFile } = Config.shape;

/** What a relay is started with. Written by people, hence zod. */
export const RelayConfig = z.strictObject({
  host,
  port,
  logLevel,
  drainTimeoutMs,
  workers,
  ...streamSettings,
  ...evaluationSettings,
  trustProxy,
  tlsCertFile,
  tlsKeyFile,
  /** Folder of last-known-good; made when it is not there. */
  dataDir: z.string().min(1, 'give the path of a folder').default('./relay-data'),
  /** The server, or another relay, to get everything from. */
  upstream: z
    .string({ error: 'give the URL of a Bunting server or relay' })
    .pipe(url)
    .transform((text) => text.replace(/\/+$/, '')),
  /** One relay key for each environment. */
  keys: z
    .union([z.array(key), z.string().transform((text) => text.split(/[\s,]+/).filter((part) => part !== ''))], {
      error: NO_KEYS,
    })
    .pipe(z.array(key).min(1, NO_KEYS))
    .transform((keys) => [...new Set(keys)]),
});
export type RelayConfig = z.infer<typeof RelayConfig>;

export const RELAY_SOURCES: Readonly<Record<keyof RelayConfig, Source>> = {
  host: SOURCES.host,
  port: SOURCES.port,
  logLevel: SOURCES.logLevel,
  drainTimeoutMs: SOURCES.drainTimeoutMs,
  workers: SOURCES.workers,
  ...STREAM_SOURCES,
  ...EVALUATION_SOURCES,
  trustProxy: SOURCES.trustProxy,
  tlsCertFile: SOURCES.tlsCertFile,
  tlsKeyFile: SOURCES.tlsKeyFile,
  dataDir: SOURCES.dataDir,
  upstream: { variable: 'BUNTING_RELAY_UPSTREAM', flag: 'upstream' },
  keys: { variable: 'BUNTING_RELAY_KEYS', flag: 'key' },
};
