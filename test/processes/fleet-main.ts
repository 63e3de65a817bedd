import { nowMs } from './clock.ts';
import { LightClient } from './light-client.ts';
import { answer } from './remote.ts';

/** Thousands of light clients in one process, in crowds that are opened and asked about together. */

interface CrowdOptions {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly key: string | undefined;
  readonly count: number;
  /** Tells its instances from those of other processes. */
  readonly prefix: string;
  readonly receipts: boolean;
}

/** What a crowd is up to. */
export interface Census {
  readonly live: number;
  /** How many have which revision; 0 stands for none. */
  readonly revisions: ReadonlyMap<number, number>;
  /** Connections opened, the first ones included. */
  readonly connects: number;
  readonly goodbyes: number;
  /** The first few. */
  readonly faults: readonly string[];
}

/** Handshakes under way at once while a crowd is opened: a listener's backlog is bounded. */
const OPENING = 256;
/** Source addresses, each with its own ports. */
const ADDRESSES = [2, 3, 4, 5, 6, 7, 8, 9].map((last) => `127.0.0.${last}`);
const LOOK_EVERY_MS = 5;

interface Crowd {
  readonly clients: readonly LightClient[];
  /** Called whenever one of them changed. */
  readonly onChange: Set<() => void>;
}

const crowds = new Map<string, Crowd>();

const calls = {
  /** Opens a crowd; resolves with when the last one was live, by the machine's clock. */
  async open({ name, count, prefix, ...options }: CrowdOptions): Promise<number> {
    const onChange = new Set<() => void>();
    const tell = () => {
      for (const listener of onChange) listener();
    };
    const clients = Array.from({ length: count }, (_, index) => {
      const localAddress = ADDRESSES[index % ADDRESSES.length] ?? '127.0.0.1';
      return new LightClient({ ...options, id: `${prefix}-${index}`, localAddress, onChange: tell });
    });
    const crowd = { clients, onChange };
    crowds.set(name, crowd);
    let opened = 0;
    let live = 0;
    await when(crowd, () => {
      live = countLive(clients);
      for (; opened < count && opened - live < OPENING; opened++) clients[opened]?.open();
      return live === count;
    });
    return nowMs();
  },

  /** When each client got to the revision, by the machine's clock; resolves when all have. */
  async arrivals({ name, number }: { name: string; number: number }): Promise<Float64Array> {
    const crowd = find(name);
    await when(crowd, () => crowd.clients.every((client) => (client.revision?.number ?? 0) >= number));
    return Float64Array.from(crowd.clients, (client) => client.revisedAtMs);
  },

  /** Resolves, with the time, when all are connected and have the revision. */
  async current({ name, number }: { name: string; number: number }): Promise<number> {
    const crowd = find(name);
    await when(crowd, () => crowd.clients.every((client) => client.isLive && (client.revision?.number ?? 0) >= number));
    return nowMs();
  },

  census(name: string): Census {
    const { clients } = find(name);
    const revisions = new Map<number, number>();
    for (const { revision } of clients) {
      revisions.set(revision?.number ?? 0, (revisions.get(revision?.number ?? 0) ?? 0) + 1);
    }
    return {
      live: countLive(clients),
      revisions,
      connects: clients.reduce((sum, client) => sum + client.connects, 0),
      goodbyes: clients.reduce((sum, client) => sum + client.goodbyes, 0),
      faults: clients.flatMap((client) => client.faults).slice(0, 20),
    };
  },

  close(name: string): void {
    for (const client of find(name).clients) client.close();
    crowds.delete(name);
  },
};
export type FleetCalls = typeof calls;

answer(calls);

/** Looks when something changed, but only every few milliseconds: thousands of clients may change at once. */
function when({ onChange }: Crowd, isSo: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    let isLooking = false;
    const look = () => {
      isLooking = false;
      if (!isSo()) return;
      onChange.delete(lookSoon);
      resolve();
    };
    const lookSoon = () => {
      if (!isLooking) setTimeout(look, LOOK_EVERY_MS);
      isLooking = true;
    };
    onChange.add(lookSoon);
    look();
  });
}

function countLive(clients: readonly LightClient[]): number {
  let live = 0;
  for (const client of clients) if (client.isLive) live++;
  return live;
}

function find(name: string): Crowd {
  const crowd = crowds.get(name);
  if (crowd === undefined) throw new Error(`there is no crowd "${name}"`);
  return crowd;
}
