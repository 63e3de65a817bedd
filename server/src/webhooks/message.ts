import type { AuditEvent } from '../audit/event.ts';
import { slackMessage } from './slack.ts';
import { type Told, tell } from './story.ts';
import { teamsMessage } from './teams.ts';
import type { WebhookFormat } from './webhook.ts';

/** A message with more than this is sent without what was there before and after, in bytes. */
const MAX_BYTES = 256 * 1024;

/** The body of a message about an event that is posted. @param link where people see it */
export function messageOf(
  format: Exclude<WebhookFormat, 'email'>,
  { origin: _, ...event }: AuditEvent,
  link: string | undefined,
): string {
  if (format === 'standard') return standardMessage(event, link);
  const story = tell(event, link);
  return JSON.stringify(format === 'slack' ? slackMessage(story) : teamsMessage(story));
}

/** `{type, timestamp, data}`, as Standard Webhooks recommends. */
function standardMessage(event: Told, link: string | undefined): string {
  const envelope = { type: event.action, timestamp: event.at };
  const whole = JSON.stringify({ ...envelope, data: { ...event, link } });
  if (Buffer.byteLength(whole) <= MAX_BYTES) return whole;
  const { before: _, after: __, ...rest } = event;
  return JSON.stringify({ ...envelope, data: { ...rest, link, truncated: true } });
}
