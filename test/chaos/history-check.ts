import { expect } from 'vitest';
import type { Api } from '../../tools/demo-api.ts';

const ENVIRONMENT = '/projects/default/environments/development';

interface Revision {
  readonly number: number;
  readonly hash: string;
}
interface PastRevision {
  readonly revision: Revision;
  readonly change?: string;
  readonly events: readonly { readonly id: string }[];
}
interface Event {
  readonly id: string;
  readonly change?: string;
  readonly revisions?: readonly (Revision & { readonly environment: string })[];
}
interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** What a database must hold of changes, whenever its server died: each of them whole, or nothing of it. */
export class HistoryCheck {
  readonly #api: Api;
  readonly #random: () => number;
  #checkedTo = 0;

  constructor(api: Api, random: () => number) {
    this.#api = api;
    this.#random = random;
  }

  /** The audit chains verify; revisions have no gaps; each has the events that made it, which name it; and it can be read. */
  async expectWhole(): Promise<void> {
    const verified = await this.#api.call('GET', '/audit/verification');
    expect(verified).toMatchObject({ intact: true, problems: [] });
    const revisions = await this.#readNewRevisions();
    const [head] = revisions;
    if (head === undefined) return;
    const last = revisions.at(-1)?.revision.number ?? 0;
    expect(revisions.map(({ revision }) => revision.number)).toEqual(
      Array.from({ length: head.revision.number - last + 1 }, (_, at) => head.revision.number - at),
    );
    const events = await this.#readEvents(revisions.length * 2 + 100);
    for (const { revision, change, events: told } of revisions) {
      expect([revision.number, told.length > 0]).toEqual([revision.number, true]);
      const made = events.filter((event) => event.change === change);
      const names = made.flatMap((event) => event.revisions ?? []);
      expect(names).toContainEqual({ environment: 'development', ...revision });
    }
    // Reading one proves it: the hash of its documents is that of the revision.
    const past = 1 + Math.floor(this.#random() * head.revision.number);
    for (const number of [head.revision.number, past]) {
      const read = await this.#api.call('GET', `${ENVIRONMENT}/revisions/${number}`);
      expect(read).toMatchObject({ revision: { number } });
    }
    this.#checkedTo = head.revision.number;
  }

  /** Newest first, to the last one that was checked. */
  async #readNewRevisions(): Promise<PastRevision[]> {
    const found: PastRevision[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const from: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page: Page<PastRevision> = await this.#api.call('GET', `${ENVIRONMENT}/revisions?limit=200${from}`);
      found.push(...page.items.filter(({ revision }) => revision.number > this.#checkedTo));
      cursor = (page.items.at(-1)?.revision.number ?? 0) > this.#checkedTo ? page.nextCursor : null;
    }
    return found;
  }

  /** At least so many of the newest. */
  async #readEvents(count: number): Promise<Event[]> {
    const found: Event[] = [];
    for (let cursor: string | null = ''; cursor !== null && found.length < count; ) {
      const from: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page: Page<Event> = await this.#api.call('GET', `/audit?project=default&limit=200${from}`);
      found.push(...page.items);
      cursor = page.nextCursor;
    }
    return found;
  }
}
