import { createVerify, X509Certificate } from 'node:crypto';
import { type Static, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { ApiError } from '../../http/api-error.ts';
import type { Adapter, Certificates, Delivery } from '../adapter.ts';
import { unauthentic } from '../authentic.ts';
import { malformed, parseJson, readJson, readTime, toLabels } from '../body.ts';
import type { AlertStatus } from '../episode.ts';

const Text = Type.String();

/** What SNS wraps every message in. */
const Envelope = Type.Object({
  Type: Text,
  MessageId: Type.String({ minLength: 1, maxLength: 200 }),
  TopicArn: Text,
  Subject: Type.Optional(Type.Union([Text, Type.Null()])),
  Message: Text,
  Timestamp: Text,
  SignatureVersion: Text,
  Signature: Text,
  SigningCertURL: Text,
  SubscribeURL: Type.Optional(Text),
  Token: Type.Optional(Text),
});
type Envelope = Static<typeof Envelope>;

const Alarm = Type.Object({
  AlarmName: Text,
  AlarmArn: Type.Optional(Text),
  NewStateValue: Text,
  NewStateReason: Type.Optional(Text),
  StateChangeTime: Text,
  Region: Type.Optional(Text),
  AWSAccountId: Type.Optional(Text),
  Trigger: Type.Optional(
    Type.Object({
      MetricName: Type.Optional(Text),
      Namespace: Type.Optional(Text),
      Dimensions: Type.Optional(Type.Array(Type.Object({ name: Text, value: Text }))),
    }),
  ),
});

const STATUS: Readonly<Record<string, AlertStatus>> = { ALARM: 'firing', OK: 'resolved' };

/** SNS signs with RSA under a certificate that it names: one of Amazon's, or anybody could name their own. */
const HOST = /^sns\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$/;

/** CloudWatch through SNS. */
export const cloudwatch: Adapter = {
  async verify(message, { topics, certificates }) {
    let envelope: Envelope;
    try {
      envelope = readJson(message, Envelope);
    } catch {
      throw unauthentic('This is no message of SNS: its signature is inside its body, and cannot be read.');
    }
    // Before the certificate is asked for: who may not send makes this server fetch nothing.
    if (!topics.includes(envelope.TopicArn)) {
      throw new ApiError(
        'forbidden',
        `The topic ${envelope.TopicArn.slice(0, 300)} is not among those of this source.`,
      );
    }
    if (!(await isSignedBySns(envelope, certificates, message.atMs)))
      throw unauthentic('The signature of SNS does not fit.');
  },
  read(message): Delivery {
    const envelope = readJson(message, Envelope);
    const { Type: type, MessageId: id, TopicArn: topic, SubscribeURL: confirmUrl } = envelope;
    if (type === 'SubscriptionConfirmation') {
      if (confirmUrl === undefined || !isOfSns(confirmUrl)) throw malformed('SubscribeURL is not an address of SNS.');
      const note = 'SNS asks whether this topic may send here: confirm it.';
      return { id, findings: [], subscription: { topic, confirmUrl }, note };
    }
    if (type !== 'Notification') return { id, findings: [], note: `${type.slice(0, 50)} is no notification.` };
    const alarm = readAlarm(envelope.Message);
    if (alarm === undefined) return { id, findings: [], note: 'The notification holds no alarm of CloudWatch.' };
    const { AlarmName, AlarmArn = AlarmName, NewStateValue, Trigger, Region, AWSAccountId } = alarm;
    const status = STATUS[NewStateValue] ?? 'unknown';
    const changedAtMs = readTime(alarm.StateChangeTime, 'StateChangeTime');
    const dimensions = (Trigger?.Dimensions ?? []).map(({ name, value }) => [name, value] as const);
    return {
      id,
      findings: [
        {
          fingerprint: AlarmArn,
          status,
          // That it is over names the moment of that only.
          startsAtMs: status === 'firing' ? changedAtMs : undefined,
          occurredAtMs: changedAtMs,
          labels: toLabels({
            ...Object.fromEntries(dimensions),
            alarm: AlarmName,
            state: NewStateValue,
            namespace: Trigger?.Namespace,
            metric: Trigger?.MetricName,
            region: Region,
            account: AWSAccountId,
          }),
          annotations: toLabels({ title: envelope.Subject, description: alarm.NewStateReason }),
        },
      ],
    };
  },
};

function readAlarm(text: string): Static<typeof Alarm> | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  const alarm = parseJson(text);
  return Value.Check(Alarm, alarm) ? alarm : undefined;
}

/** The fields that are signed, in their order: name and value, a line each. */
function signedText(envelope: Envelope): string {
  const isNotification = envelope.Type === 'Notification';
  const names = isNotification
    ? (['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'] as const)
    : (['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'] as const);
  return names.flatMap((name) => (envelope[name] == null ? [] : [`${name}\n${envelope[name]}\n`])).join('');
}

async function isSignedBySns(envelope: Envelope, certificates: Certificates, atMs: number): Promise<boolean> {
  const { SignatureVersion, Signature, SigningCertURL } = envelope;
  const algorithm = { '1': 'RSA-SHA1', '2': 'RSA-SHA256' }[SignatureVersion];
  if (algorithm === undefined || !isOfSns(SigningCertURL) || !SigningCertURL.endsWith('.pem')) return false;
  const pem = await certificates.find(SigningCertURL);
  try {
    const { publicKey, validFromDate, validToDate } = new X509Certificate(pem);
    if (atMs < validFromDate.getTime() || atMs > validToDate.getTime()) return false;
    return createVerify(algorithm).update(signedText(envelope)).verify(publicKey, Signature, 'base64');
  } catch {
    // It is no certificate, or one of another kind of key.
    return false;
  }
}

/** Whether an address is one of SNS itself. */
function isOfSns(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, host, username, password } = new URL(text);
  return protocol === 'https:' && HOST.test(host) && username === '' && password === '';
}
