import { type FillableDisk, makeFillableDisk } from '../../processes/fillable-disk.ts';
import { TcpProxy } from '../../processes/proxy.ts';
import { makeShiftedClock, type ShiftedClock } from '../../processes/shifted-clock.ts';

/** What can be broken besides processes: disks and clocks by the name of whose they are, and what connections pass through. */
export class Breakables {
  readonly disks = new Map<string, FillableDisk>();
  readonly clocks = new Map<string, ShiftedClock>();
  readonly ways = new Map<string, TcpProxy>();
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** @param isRaw it is not HTTP. @returns the address that leads to one of the targets */
  async way(name: string, targets: readonly string[], isRaw = false): Promise<string> {
    const proxy = await TcpProxy.start(targets, this.#random, isRaw);
    this.ways.set(name, proxy);
    return proxy.url;
  }

  /** What a process is started with, so that its disk and its clock can be broken. */
  of(name: string): { readonly preloads: string[]; readonly env: Record<string, string> } {
    const [disk, clock] = [makeFillableDisk(), makeShiftedClock()];
    this.disks.set(name, disk);
    this.clocks.set(name, clock);
    return { preloads: [disk.preload, clock.preload], env: { ...disk.env, ...clock.env } };
  }

  /** Ends all connections, also those that fell silent. */
  resetAll(): void {
    for (const proxy of this.ways.values()) proxy.resetAll();
  }

  async close(): Promise<void> {
    await Promise.all([...this.ways.values()].map((proxy) => proxy.close()));
    for (const { remove } of [...this.disks.values(), ...this.clocks.values()]) remove();
  }
}
