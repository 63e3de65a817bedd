import { type Static, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import type { NewEvent } from '../audit/event.ts';
import { ActorSchema } from '../audit/schemas.ts';

/** An outcome's audit event as the disk has it: what these events say, and nothing else. */
const KeptEvent = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 100 }),
  at: Type.Integer({ minimum: 0 }),
  actor: ActorSchema,
  action: Type.String({ pattern: '^intervention\\.[a-z_]+$' }),
  project: Type.String(),
  environment: Type.String(),
  flag: Type.String(),
  /** JSON. */
  after: Type.String(),
});
type KeptEvent = Static<typeof KeptEvent>;

export function toKept(event: NewEvent): KeptEvent {
  const { id, at, action, project, environment, target_key: flag, after } = event;
  const actor = { kind: event.actor_kind, id: event.actor_id, name: event.actor_name } as KeptEvent['actor'];
  return { id, at, actor, action, project: project ?? '', environment: environment ?? '', flag, after: after ?? '{}' };
}

/** @returns undefined for what is no such event to this version */
export function fromKept(document: unknown): NewEvent | undefined {
  if (!Value.Check(KeptEvent, document)) return undefined;
  const { id, at, actor, action, project, environment, flag, after } = document;
  return {
    ...{ id, at, actor_kind: actor.kind, actor_id: actor.id, actor_name: actor.name, action, project, environment },
    ...{ target_kind: 'flag', target_key: flag, before: null, after, request_id: null, change_id: null },
    ...{ revisions: null, comment: null, origin_digest: null, origin: null },
  };
}
