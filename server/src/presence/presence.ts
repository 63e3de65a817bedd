import type { Static } from '@sinclair/typebox';
import type { Actor } from '../audit/actor.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { PRESENCE_PATH } from './internal-routes.ts';
import type { PresenceInput, Visit } from './schemas.ts';

/** Someone else on the same page, in one tab or several: where they edit, if they do in any. */
export interface Present {
  /** Null to who may not see people. */
  readonly name: string | null;
  /** Key; null: of all, or of several. */
  readonly environment: string | null;
  readonly editing: boolean;
}

/** A tab that does not say again within this time that it is there has gone. In milliseconds; pages say so every 8 s. */
const LEASE_MS = 20_000;
/** How often is looked who has gone, and the other servers are told again, in milliseconds. */
const SWEEP_MS = 5_000;
/** What happens within this time is told to the other servers at once, in milliseconds. */
const TELL_AFTER_MS = 100;
/** Tabs that a server knows of one person, and in all: further ones are not shown. */
const MAX_TABS_EACH = 20;
const MAX_TABS = 2_000;

export interface PresenceDependencies {
  readonly peers: Pick<Cluster, 'post' | 'self'>;
  /** Milliseconds of a clock that is never set back. */
  readonly tickMs: () => number;
}

interface Tab {
  readonly visit: Visit;
  readonly heardTickMs: number;
}

/** The tabs that came to another server, as it told them last. */
interface Peer {
  readonly visits: readonly Visit[];
  readonly heardTickMs: number;
}

/**
 * Who is on which page at this moment, on all servers, in memory alone. It is a courtesy and nothing rests on it: what a
 * server cannot tell the others is not shown there, and who comes when there is no room is not shown at all.
 */
export class Presence {
  readonly #dependencies: PresenceDependencies;
  /** By whose it is and which. */
  readonly #tabs = new Map<string, Tab>();
  /** By the servers' ids. */
  readonly #peers = new Map<string, Peer>();
  readonly #listeners = new Map<string, Set<() => void>>();
  #sweeping: NodeJS.Timeout | undefined;
  #telling: NodeJS.Timeout | undefined;

  constructor(dependencies: PresenceDependencies) {
    this.#dependencies = dependencies;
  }

  /** Someone's tab is on a page now, or still. */
  enter({ id, name }: Actor, project: string, tab: string, where: Static<typeof PresenceInput>): void {
    const key = keyOf(id, tab);
    const before = this.#tabs.get(key)?.visit;
    if (before === undefined && !this.#hasRoom(id)) return;
    const visit: Visit = { project, tab, id, name: name.slice(0, 200), ...where };
    this.#tabs.set(key, { visit, heardTickMs: this.#dependencies.tickMs() });
    this.#sweeping ??= setInterval(() => this.#sweep(), SWEEP_MS).unref();
    if (JSON.stringify(before) !== JSON.stringify(visit))
      this.#changed(before === undefined ? [visit] : [before, visit]);
  }

  leave({ id }: Actor, tab: string): void {
    const visit = this.#tabs.get(keyOf(id, tab))?.visit;
    if (visit === undefined) return;
    this.#tabs.delete(keyOf(id, tab));
    this.#changed([visit]);
  }

  /** Who else is where a tab is, by name. Nobody while it is nowhere. */
  othersAt({ id }: Actor, project: string, tab: string, showNames: boolean): Present[] {
    const visits = [...[...this.#tabs.values()].map(({ visit }) => visit), ...this.#visitsElsewhere()];
    const own = visits.find((visit) => visit.id === id && visit.tab === tab && visit.project === project);
    if (own === undefined) return [];
    const others = visits.filter(
      (visit) => visit.project === project && visit.kind === own.kind && visit.key === own.key && visit.id !== id,
    );
    const people = [...new Set(others.map((visit) => visit.id))].sort();
    return people.map((person) =>
      toPresent(
        others.filter((visit) => visit.id === person),
        showNames,
      ),
    );
  }

  /** Calls `listener` when anyone came, went, or did something else in the project. @returns how to stop it */
  watch(project: string, listener: () => void): () => void {
    const listeners = this.#listeners.get(project) ?? new Set();
    this.#listeners.set(project, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(project) === listeners) this.#listeners.delete(project);
    };
  }

  /** Another server tells which tabs came to it: all of them, each time. */
  hear(server: string, visits: readonly Visit[]): void {
    const before = this.#peers.get(server)?.visits ?? [];
    if (visits.length === 0) this.#peers.delete(server);
    else this.#peers.set(server, { visits, heardTickMs: this.#dependencies.tickMs() });
    this.#sweeping ??= setInterval(() => this.#sweep(), SWEEP_MS).unref();
    if (JSON.stringify(before) !== JSON.stringify(visits)) this.#stir([...before, ...visits]);
  }

  close(): void {
    clearInterval(this.#sweeping);
    clearTimeout(this.#telling);
  }

  #hasRoom(id: string): boolean {
    if (this.#tabs.size >= MAX_TABS) return false;
    return [...this.#tabs.values()].filter(({ visit }) => visit.id === id).length < MAX_TABS_EACH;
  }

  #visitsElsewhere(): Visit[] {
    return [...this.#peers.values()].flatMap(({ visits }) => visits);
  }

  /** Forgets who has gone without a word, tabs and servers, and tells the others again who is here. */
  #sweep(): void {
    const oldestTickMs = this.#dependencies.tickMs() - LEASE_MS;
    const gone = [...this.#tabs].filter(([, { heardTickMs }]) => heardTickMs < oldestTickMs);
    for (const [key] of gone) this.#tabs.delete(key);
    for (const [server, { heardTickMs, visits }] of this.#peers) {
      if (heardTickMs >= oldestTickMs) continue;
      this.#peers.delete(server);
      this.#stir(visits);
    }
    if (gone.length > 0) this.#changed(gone.map(([, { visit }]) => visit));
    else if (this.#tabs.size > 0) this.#tell();
    if (this.#tabs.size > 0 || this.#peers.size > 0) return;
    clearInterval(this.#sweeping);
    this.#sweeping = undefined;
  }

  #changed(visits: readonly Visit[]): void {
    this.#stir(visits);
    this.#telling ??= setTimeout(() => this.#tell(), TELL_AFTER_MS).unref();
  }

  #tell(): void {
    clearTimeout(this.#telling);
    this.#telling = undefined;
    const { peers } = this.#dependencies;
    const visits = [...this.#tabs.values()].map(({ visit }) => visit);
    void peers.post(PRESENCE_PATH, { server: peers.self.id, visits });
  }

  #stir(visits: readonly Visit[]): void {
    for (const project of new Set(visits.map(({ project }) => project))) {
      for (const listener of this.#listeners.get(project) ?? []) listener();
    }
  }
}

/** @param tabs of one person */
function toPresent(tabs: readonly Visit[], showNames: boolean): Present {
  const edited = tabs.filter(({ editing }) => editing);
  const meant = edited.length > 0 ? edited : tabs;
  const [environment = null, ...more] = new Set(meant.map((tab) => tab.environment ?? null));
  return {
    name: showNames ? (tabs[0]?.name ?? null) : null,
    environment: more.length > 0 ? null : environment,
    editing: edited.length > 0,
  };
}

function keyOf(id: string, tab: string): string {
  return `${id} ${tab}`;
}
