import { randomUUID } from 'node:crypto';
import { isAnswerLost, Person, type PersonOptions } from './person.ts';

const RELEASES = '/projects/default/releases';
const OUT = ['succeeded', 'aborted', 'rolled_back', 'failed', 'cancelled', 'superseded', 'blocked'];
const BACK = ['aborting', 'aborted', 'rolling_back', 'rolled_back'];
const STAGES = [5_000, 20_000, 50_000, 100_000];
/** How long a release may take by itself, when nothing breaks any more. */
const PATIENCE_MS = 180_000;

interface Release {
  readonly id: string;
  readonly phase: string;
}
interface Decision {
  readonly id: string;
  readonly decision: string;
  readonly phase: string;
  readonly set: { readonly flagsPer100k: number };
}

/** Someone who releases a flag, again and again, changes their mind on the way, and takes it back in the end. */
export class Releaser extends Person {
  readonly flag: string;
  /** Of all releases, in the order in which they were made. */
  readonly ids: string[] = [];
  /** How each of them ended first. */
  readonly ends: string[] = [];

  constructor(flag: string, options: PersonOptions) {
    super(options);
    this.flag = flag;
  }

  protected async work(): Promise<void> {
    const stages = STAGES.map((flagsPer100k) => ({
      flagsPer100k,
      soakSeconds: Math.floor(this.pace * this.random() * 4),
    }));
    const title = `Release ${randomUUID()}`;
    const answer = await this.insist('POST', RELEASES, {
      ...{ title, environment: 'development', strategy: 'flag_only' },
      ...{ stages, bakeSeconds: Math.floor(this.pace), flags: [{ flag: this.flag, candidate: 'on', baseline: 'off' }] },
    });
    const made = isAnswerLost(answer) ? await this.#find(title) : (answer.body as Release);
    if ((answer.status !== 201 && !isAnswerLost(answer)) || made === undefined) {
      this.ledger.blame(`a release of ${this.flag} was not made: ${answer.status} ${JSON.stringify(answer.body)}`);
      await this.pause(1_000, 2_000);
      return;
    }
    const { id } = made;
    this.ids.push(id);
    await this.#command(id, { command: 'start' });
    await this.pause(0, 9_000);
    const isBack = await this.#changeMind(id);
    const end = await this.#end(id);
    this.ends.push(end);
    const allowed = isBack ? ['aborted', 'rolled_back'] : ['succeeded'];
    if (!allowed.includes(end)) {
      const { items } = await this.#decisions(id);
      const said = items.map(({ decision, phase }) => `${phase}: ${decision}`).join('; ');
      this.ledger.blame(`release ${id} ended ${end} instead of ${allowed.join(' or ')}: ${said}`);
    }
    if (end !== 'succeeded') return;
    await this.#command(id, { command: 'rollback', reason: 'the next one is to come' });
    const last = await this.#end(id, ['succeeded']);
    if (last !== 'rolled_back') this.ledger.blame(`release ${id} was rolled back and is ${last}`);
  }

  /** Shares of the candidate that the releases set, in order, in 1/100 000. */
  async shares(): Promise<number[]> {
    const shares: number[] = [];
    for (const id of this.ids) {
      const { items } = await this.#decisions(id);
      shares.push(...items.toReversed().map(({ set }) => set.flagsPer100k));
    }
    return shares;
  }

  /** Newest first. */
  #decisions(id: string): Promise<{ items: Decision[] }> {
    return this.read(`${RELEASES}/${id}/decisions?limit=200`);
  }

  async #find(title: string): Promise<Release | undefined> {
    const { items } = await this.read<{ items: (Release & { title: string })[] }>(`${RELEASES}?limit=50`);
    return items.find((release) => release.title === title);
  }

  /** @returns whether it was told to go back, and said that it will */
  async #changeMind(id: string): Promise<boolean> {
    const choice = this.random();
    if (choice < 0.35) return false;
    const reason = 'second thoughts';
    if (choice < 0.5) {
      await this.#command(id, { command: 'pause', reason });
      await this.pause(0, 3_000);
      await this.#command(id, { command: 'resume' });
      return false;
    }
    const phase = await this.#command(id, { command: choice < 0.8 ? 'abort' : 'rollback', reason });
    return BACK.includes(phase ?? '');
  }

  /** It may be too late for it. @returns the phase that it led to */
  async #command(id: string, command: object): Promise<string | undefined> {
    const answer = await this.insist('POST', `${RELEASES}/${id}/commands`, command);
    const { status, body } = answer;
    const { code } = (body ?? {}) as { code?: string };
    if (isAnswerLost(answer)) return (await this.read<Release>(`${RELEASES}/${id}`)).phase;
    if (status === 200) return (body as Release).phase;
    if (code !== 'wrong_state') {
      this.ledger.blame(`${JSON.stringify(command)} was answered ${status}: ${JSON.stringify(body)}`);
    }
    return undefined;
  }

  /** The phase in which nothing happens any more. @param but phases that do not count */
  async #end(id: string, but: readonly string[] = []): Promise<string> {
    const untilMs = performance.now() + PATIENCE_MS;
    for (;;) {
      const release = await this.read<Release>(`${RELEASES}/${id}`);
      if (OUT.includes(release.phase) && !but.includes(release.phase)) return release.phase;
      if (performance.now() > untilMs) {
        this.ledger.blame(`release ${id} does not end: ${JSON.stringify(release)}`);
        return release.phase;
      }
      await this.pause(200, 400);
    }
  }
}
