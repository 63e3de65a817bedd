import { nowMs } from '../../processes/clock.ts';
import type { Sighting } from './application-main.ts';
import { Person, type PersonOptions } from './person.ts';

const AGAIN_MS = 200;

/**
 * So long an instance may be behind, at most: frozen, on a connection that is late, or on one that fell silent. Until then what
 * it shows may be an earlier kill and its re-arm.
 */
const BEHIND_MS = 60_000;

/** From when a flag was killed until someone began to re-arm it, by the machine's clock. */
interface Killing {
  readonly sentMs: number;
  /** Infinity: it is still killed. */
  rearmedMs: number;
}

/** How long a flag stays killed, and armed: from, to, in milliseconds. */
export interface Rhythm {
  readonly killedMs: readonly [number, number];
  readonly armedMs: readonly [number, number];
}

/** Someone who kills a flag and re-arms it. */
export class Guardian extends Person {
  readonly flag: string;
  readonly killings: Killing[] = [];
  readonly #rhythm: Rhythm;
  #dueMs = 0;

  constructor(flag: string, rhythm: Rhythm, options: PersonOptions) {
    super(options);
    this.flag = flag;
    this.#rhythm = rhythm;
  }

  /** It may stay killed while nothing breaks, and on into the next faults. */
  protected async work(): Promise<void> {
    if (nowMs() < this.#dueMs) return this.pause(500, 1_000);
    const isKilled = this.#isKilled;
    await (isKilled ? this.rearm() : this.kill());
    const [least, most] = isKilled ? this.#rhythm.armedMs : this.#rhythm.killedMs;
    this.#dueMs = nowMs() + this.pace * (least + this.random() * (most - least));
  }

  get #isKilled(): boolean {
    return this.killings.at(-1)?.rearmedMs === Number.POSITIVE_INFINITY;
  }

  /** Until it is acknowledged: repeated, as whoever is on call does. */
  async kill(): Promise<Killing> {
    const sentMs = nowMs();
    for (;;) {
      const answer = await this.ask('POST', this.#path('kill'), { reason: 'a proof' });
      if (answer?.status === 200) {
        const killing: Killing = { sentMs, rearmedMs: Number.POSITIVE_INFINITY };
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
    if (last === undefined || !this.#isKilled) return;
    last.rearmedMs = nowMs();
    const { status, body } = await this.insist('POST', this.#path('rearm'), { reason: 'a proof' });
    // Another attempt of the same may have done it.
    if (![200, 409].includes(status)) this.ledger.blame(`a re-arm was answered ${status}: ${JSON.stringify(body)}`);
  }

  /** How many kills `check` goes by. */
  get checked(): number {
    return this.#unmistakable().length;
  }

  /** Blames instances that had obeyed a kill and did not any more before someone began to re-arm. */
  check(sightings: readonly Sighting[]): void {
    const own = sightings.filter(({ flag }) => flag === this.flag);
    for (const instance of new Set(own.map((sighting) => sighting.instance))) {
      const seen = own.filter((sighting) => sighting.instance === instance);
      for (const { sentMs, rearmedMs } of this.#unmistakable()) {
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

  /** Kills that an instance cannot take for one before. */
  #unmistakable(): Killing[] {
    return this.killings.filter(({ sentMs }, at) => {
      const before = this.killings[at - 1]?.rearmedMs ?? Number.NEGATIVE_INFINITY;
      return sentMs - before > this.pace * BEHIND_MS;
    });
  }

  #path(action: string): string {
    return `/projects/default/flags/${this.flag}/environments/development/${action}`;
  }
}
