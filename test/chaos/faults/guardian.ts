import { nowMs } from '../../processes/clock.ts';
import type { Sighting } from './application-main.ts';
import { Person, type PersonOptions } from './person.ts';

const AGAIN_MS = 200;

/** From when a flag was killed until someone began to re-arm it, by the machine's clock. */
interface Killing {
  readonly flag: string;
  readonly sentMs: number;
  readonly acknowledgedMs: number;
  /** Infinity: it is still killed. */
  rearmedMs: number;
}

/** Someone who kills a flag and re-arms it. */
export class Guardian extends Person {
  readonly flag: string;
  readonly killings: Killing[] = [];

  constructor(flag: string, options: PersonOptions) {
    super(options);
    this.flag = flag;
  }

  protected async work(): Promise<void> {
    await this.kill();
    await this.pause(300, 6_000);
    // Sometimes it stays so for longer, over deaths and calm.
    if (this.random() < 0.3) await this.pause(0, 10_000);
    await this.rearm();
    await this.pause(300, 4_000);
  }

  /** Until it is acknowledged: repeated, as whoever is on call does. */
  async kill(): Promise<Killing> {
    const sentMs = nowMs();
    for (;;) {
      const answer = await this.ask('POST', this.#path('kill'), { reason: 'a proof' });
      if (answer?.status === 200) {
        const killing: Killing = {
          flag: this.flag,
          sentMs,
          acknowledgedMs: nowMs(),
          rearmedMs: Number.POSITIVE_INFINITY,
        };
        this.killings.push(killing);
        return killing;
      }
      if (answer !== undefined && answer.status !== 503) {
        this.ledger.blame(`a kill was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
      }
      await this.pause(AGAIN_MS, 2 * AGAIN_MS);
    }
  }

  async rearm(): Promise<void> {
    const last = this.killings.at(-1);
    if (last !== undefined) last.rearmedMs = nowMs();
    const { status, body } = await this.insist('POST', this.#path('rearm'), { reason: 'a proof' });
    // Another attempt of the same may have done it.
    if (![200, 409].includes(status)) this.ledger.blame(`a re-arm was answered ${status}: ${JSON.stringify(body)}`);
  }

  /** Blames instances that had obeyed a kill and did not any more before someone began to re-arm. */
  check(sightings: readonly Sighting[]): void {
    const own = sightings.filter(({ flag }) => flag === this.flag);
    for (const instance of new Set(own.map((sighting) => sighting.instance))) {
      const seen = own.filter((sighting) => sighting.instance === instance);
      for (const { sentMs, rearmedMs } of this.killings) {
        const meanwhile = seen.filter(({ atMs }) => atMs > sentMs && atMs < rearmedMs);
        const obeyed = meanwhile.findIndex(({ count }) => count === 0);
        const undone = obeyed === -1 ? undefined : meanwhile.slice(obeyed).find(({ count }) => count > 0);
        if (undone === undefined) continue;
        const laterMs = Math.round(undone.atMs - (meanwhile[obeyed]?.atMs ?? 0));
        this.ledger.blame(
          `${instance}: ${this.flag} was killed, and is on again after ${laterMs} ms (revision ${undone.revision}, ${undone.state})`,
        );
      }
    }
  }

  #path(action: string): string {
    return `/projects/default/flags/${this.flag}/environments/development/${action}`;
  }
}
