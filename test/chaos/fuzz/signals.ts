import fc, { type Arbitrary } from 'fast-check';
import { messageOf, SECRET, signed } from '../../../server/dist/testing/signal-messages.js';
import type { Api } from '../../../tools/demo-api.ts';
import type { Spoil } from './spoil.ts';

/** Those that prove their messages by a secret; SNS's certificate is to be had only from Amazon. */
const VENDORS = ['alertmanager', 'grafana', 'datadog', 'pagerduty', 'sentry', 'opsgenie', 'generic'] as const;

export interface SignalSource {
  readonly key: string;
  readonly vendor: (typeof VENDORS)[number];
  readonly secret: string;
}

/** Makes a source for each vendor. */
export async function makeSources(api: Api, project: string, name: string): Promise<SignalSource[]> {
  const sources: SignalSource[] = [];
  for (const vendor of VENDORS) {
    const source = { key: `${vendor}-${project}`, vendor, project, name, allow: { action: 'kill' } };
    // These vendors make the secret, the others are told one.
    const given = vendor === 'pagerduty' || vendor === 'sentry' ? { secret: SECRET } : {};
    const { secret } = await api.call<{ secret: string | null }>('POST', '/signal-sources', { ...source, ...given });
    sources.push({ key: source.key, vendor, secret: secret ?? SECRET });
  }
  return sources;
}

/** The source as it is to who does not know its secret. */
export function withoutSecret(source: SignalSource): SignalSource {
  return { ...source, secret: `whsec_${Buffer.alloc(32, 'guess').toString('base64')}` };
}

export interface SignalRequest {
  readonly source: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What vendors send, made wrong and signed all the same: so it gets further than to be refused as a stranger's. */
export function signalRequests(sources: readonly SignalSource[], spoils: Arbitrary<Spoil>): Arbitrary<SignalRequest> {
  return fc
    .record({ source: fc.constantFrom(...sources), spoil: spoils })
    .map(({ source: { key, vendor, secret }, spoil }) => {
      const good = JSON.parse(messageOf(vendor).body.toString()) as unknown;
      const { body, headers } = signed(vendor, Buffer.from(spoil(good)), Date.now(), secret);
      return { source: key, headers, body };
    });
}
