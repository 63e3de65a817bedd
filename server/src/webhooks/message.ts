import type { AuditEvent } from '../audit/event.ts';
import type { WebhookFormat } from './webhook.ts';

/** A message with more than this is sent without what was there before and after, in bytes. */
const MAX_BYTES = 256 * 1024;

/** What the documentation of webhooks calls an event: an audit event without from where it was done. */
type Told = Omit<AuditEvent, 'origin'>;

/** The body of a message about an event. @param link where people see it */
export function messageOf(
  format: WebhookFormat,
  { origin: _, ...event }: AuditEvent,
  link: string | undefined,
): string {
  if (format === 'standard') return standardMessage(event, link);
  const sentence = describe(event);
  return JSON.stringify(format === 'slack' ? slackMessage(event, sentence, link) : teamsMessage(event, sentence, link));
}

/** `{type, timestamp, data}`, as Standard Webhooks recommends. */
function standardMessage(event: Told, link: string | undefined): string {
  const envelope = { type: event.action, timestamp: event.at };
  const whole = JSON.stringify({ ...envelope, data: { ...event, link } });
  if (Buffer.byteLength(whole) <= MAX_BYTES) return whole;
  const { before: _, after: __, ...rest } = event;
  return JSON.stringify({ ...envelope, data: { ...rest, link, truncated: true } });
}

function slackMessage({ comment }: Told, sentence: Sentence, link: string | undefined) {
  const { actor, verb, target, place } = sentence;
  const text = `*${escapeSlack(actor)}* ${verb} ${escapeSlack(target)} ${escapeSlack(place)}`;
  return {
    text: escapeSlack(plain(sentence)),
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text: link === undefined ? text : `${text} (<${link}|look>)` } },
      ...(comment === undefined
        ? []
        : [{ type: 'context', elements: [{ type: 'plain_text', text: comment.slice(0, 2_000) }] }]),
    ],
  };
}

/** An Adaptive Card, as the workflows that replaced Teams' connectors take it. */
function teamsMessage({ comment }: Told, sentence: Sentence, link: string | undefined) {
  const card = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: [
      { type: 'TextBlock', wrap: true, text: escapeMarkdown(plain(sentence)) },
      ...(comment === undefined
        ? []
        : [{ type: 'TextBlock', wrap: true, isSubtle: true, text: escapeMarkdown(comment) }]),
    ],
    ...(link === undefined ? {} : { actions: [{ type: 'Action.OpenUrl', title: 'Look', url: link }] }),
  };
  return {
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content: card }],
  };
}

interface Sentence {
  readonly actor: string;
  /** Such as `updated`. */
  readonly verb: string;
  /** Such as `flag checkout`. */
  readonly target: string;
  /** Such as `in production of shop`. */
  readonly place: string;
}

function describe({ actor, action, target, project, environment }: Told): Sentence {
  // What comes between says what of the target: flag.environment.updated.
  const verb = action.slice(action.lastIndexOf('.') + 1);
  const of = project === null ? '' : environment === null ? `in ${project}` : `in ${environment} of ${project}`;
  return { actor: actor.name, verb: verb.replaceAll('-', ' '), target: `${target.kind} ${target.key}`, place: of };
}

function plain({ actor, verb, target, place }: Sentence): string {
  return `${actor} ${verb} ${target} ${place}`.trim();
}

/** Slack reads these three, and nothing else, as its own. */
function escapeSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_[\]<>#]/g, (character) => `\\${character}`);
}
