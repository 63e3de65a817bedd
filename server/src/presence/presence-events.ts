import type { Actor } from '../audit/actor.ts';
import type { EventSource } from '../receipts/event-stream.ts';
import type { Presence } from './presence.ts';

export interface Reader {
  readonly actor: Actor;
  readonly project: string;
  /** Whose page is told of. */
  readonly tab: string;
  /** Whether the reader may see people now. */
  readonly seesNames: () => boolean;
}

/** What a stream tells of who else is where the reader's tab is. */
export function presenceEvents(presence: Presence, { actor, project, tab, seesNames }: Reader): EventSource {
  return {
    event: 'presence',
    watch: (listener) => presence.watch(project, listener),
    read: () => ({ others: presence.othersAt(actor, project, tab, seesNames()) }),
  };
}
