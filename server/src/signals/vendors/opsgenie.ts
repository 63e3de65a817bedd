import { Type } from '@sinclair/typebox';
import type { Adapter, Delivery } from '../adapter.ts';
import { verifyBearer } from '../authentic.ts';
import { malformed, readJson, tagsToLabels, toLabels } from '../body.ts';
import type { AlertStatus } from '../episode.ts';

const Text = Type.String();
const Maybe = Type.Optional(Type.Union([Text, Type.Null()]));
/** ms or ns since 1970; what no number holds exactly comes as text (`body.ts`). */
const Time = Type.Union([Type.Integer(), Type.String({ pattern: '^\\d{1,20}$' })]);

const Body = Type.Object({
  action: Text,
  alert: Type.Object({
    alertId: Type.String({ minLength: 1, maxLength: 200 }),
    message: Maybe,
    description: Maybe,
    tags: Type.Optional(Type.Union([Type.Array(Text), Type.Null()])),
    details: Type.Optional(Type.Union([Type.Record(Text, Text), Type.Null()])),
    alias: Maybe,
    entity: Maybe,
    source: Maybe,
    priority: Maybe,
    createdAt: Time,
    updatedAt: Type.Optional(Time),
  }),
});

const STATUS: Readonly<Record<string, AlertStatus>> = { Create: 'firing', Close: 'resolved' };

/** Opsgenie signs nothing: its integration sends a header of one's own. */
export const opsgenie: Adapter = {
  verify: verifyBearer,
  read(message): Delivery {
    const { action, alert } = readJson(message, Body);
    const { alertId, createdAt, updatedAt = createdAt, tags, details, alias, entity, source, priority } = alert;
    return {
      id: `${alertId}:${action.slice(0, 50)}:${updatedAt}`,
      findings: [
        {
          fingerprint: alertId,
          status: STATUS[action] ?? 'unknown',
          startsAtMs: toMs(createdAt),
          occurredAtMs: toMs(updatedAt),
          labels: { ...tagsToLabels(tags ?? []), ...details, ...toLabels({ alias, entity, source, priority, action }) },
          annotations: toLabels({ title: alert.message, description: alert.description }),
        },
      ],
    };
  },
};

/** Past this it is nanoseconds: as milliseconds it would be the year 5138. */
const LAST_MS = 1e14;

function toMs(time: string | number): number {
  const number = Number(time);
  const timeMs = Math.floor(number > LAST_MS ? number / 1e6 : number);
  if (timeMs > LAST_MS)
    throw malformed('A time of the alert is neither in milliseconds nor in nanoseconds since 1970.');
  return timeMs;
}
