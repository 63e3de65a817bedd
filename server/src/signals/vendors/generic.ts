import { type Static, Type } from '@sinclair/typebox';
import type { Adapter, Delivery, Finding } from '../adapter.ts';
import { checkSignedTime, headerOf, isSigned, unauthentic } from '../authentic.ts';
import { checkShape, parseJson, readText, readTime } from '../body.ts';

const Texts = Type.Record(Type.String(), Type.String());

/** What a sender says by itself, or the mapping makes of what it says. */
const GenericAlert = Type.Object({
  status: Type.Union([Type.Literal('firing'), Type.Literal('resolved'), Type.Literal('unknown')]),
  fingerprint: Type.String({ minLength: 1, maxLength: 200 }),
  startsAt: Type.String(),
  labels: Type.Optional(Texts),
  annotations: Type.Optional(Texts),
  value: Type.Optional(Type.Number()),
  link: Type.Optional(Type.String({ maxLength: 2000 })),
});

/** Standard Webhooks 1.0 (standardwebhooks.com): HMAC-SHA256 over id, time and body, base64, once for each secret. */
export const generic: Adapter = {
  verify({ headers, raw, atMs }, { secrets }) {
    const [id, time, signed] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) =>
      headerOf(headers, name),
    );
    if (id === undefined || time === undefined || signed === undefined) {
      throw unauthentic(
        'Sign the message by Standard Webhooks: the headers webhook-id, webhook-timestamp and webhook-signature.',
      );
    }
    const signatures = signed.split(' ').flatMap((text) => (text.startsWith('v1,') ? [text.slice(3)] : []));
    const keys = secrets.map((secret) => Buffer.from(secret.replace(/^whsec_/, ''), 'base64'));
    if (!isSigned(keys, [`${id}.${time}.`, raw], signatures, 'base64')) {
      throw unauthentic("The signature does not fit: sign with this source's secret, and what is sent byte for byte.");
    }
    checkSignedTime(time, atMs);
  },
  read(message, { mapping }): Delivery {
    const body = parseJson(readText(message));
    const said = mapping === undefined ? [body] : mapping(body);
    const alerts = said === null ? [] : Array.isArray(said) ? said : [said];
    const id = headerOf(message.headers, 'webhook-id')?.slice(0, 200);
    const place = mapping === undefined ? '' : 'what the mapping makes';
    return {
      ...(id === undefined ? {} : { id }),
      findings: alerts.map((alert) => toFinding(checkShape(GenericAlert, alert, place), message.atMs)),
      ...(said === null && { note: 'The mapping makes no alert of it.' }),
    };
  },
};

function toFinding(
  { status, fingerprint, startsAt, labels = {}, annotations = {}, value, link }: Static<typeof GenericAlert>,
  atMs: number,
): Finding {
  const startsAtMs = readTime(startsAt, 'startsAt');
  return {
    fingerprint,
    status,
    startsAtMs,
    occurredAtMs: status === 'firing' ? startsAtMs : atMs,
    labels,
    annotations,
    ...(value === undefined ? {} : { value }),
    ...(link === undefined ? {} : { link }),
  };
}
