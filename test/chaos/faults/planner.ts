import { randomUUID } from 'node:crypto';
import { isAnswerLost, Person } from './person.ts';
import { TIMED } from './watched-flags.ts';

const SCHEDULES = '/projects/default/schedules';
/** Further away than any server's clock is set. */
const AHEAD_MS = [6_000, 12_000] as const;

interface Schedule {
  readonly id: string;
  readonly state: string;
  readonly reason: string | null;
}

/** Someone who has a flag turned on and off at a time. */
export class Planner extends Person {
  count = 0;

  protected async work(): Promise<void> {
    const [least, most] = AHEAD_MS;
    const kind = this.count % 2 === 0 ? 'disable' : 'enable';
    const title = randomUUID();
    const answer = await this.insist('POST', SCHEDULES, {
      ...{ kind: 'once', title },
      at: new Date(Date.now() + this.pace * (least + this.random() * (most - least))).toISOString(),
      changes: [{ environment: 'development', flag: TIMED, edits: [{ kind }] }],
    });
    // It took so long to be heard that the time has passed: refused, as it should be.
    if (answer.status === 400 && JSON.stringify(answer.body).includes('has passed')) return;
    const made = isAnswerLost(answer) ? await this.#find(title) : (answer.body as Schedule);
    if ((answer.status !== 201 && !isAnswerLost(answer)) || made === undefined) {
      this.ledger.blame(`a schedule was not made: ${answer.status} ${JSON.stringify(answer.body)}`);
      await this.pause(1_000, 2_000);
      return;
    }
    const { id } = made;
    const schedule = await this.#end(id);
    if (schedule.state !== 'done') this.ledger.blame(`schedule ${id} is ${schedule.state}: ${schedule.reason}`);
    const { items } = await this.read<{ items: object[] }>(`${SCHEDULES}/${id}/runs`);
    if (items.length !== 1) this.ledger.blame(`schedule ${id} ran ${items.length} times: ${JSON.stringify(items)}`);
    const path = `/projects/default/flags/${TIMED}/environments/development`;
    const { enabled } = await this.read<{ enabled: boolean }>(path);
    if (enabled !== (kind === 'enable')) this.ledger.blame(`schedule ${id} is done, and ${TIMED} is not ${kind}d`);
    this.count++;
  }

  async #find(title: string): Promise<Schedule | undefined> {
    const { items } = await this.read<{ items: (Schedule & { title: string })[] }>(`${SCHEDULES}?limit=50`);
    return items.find((schedule) => schedule.title === title);
  }

  async #end(id: string): Promise<Schedule> {
    for (;;) {
      const schedule = await this.read<Schedule>(`${SCHEDULES}/${id}`);
      if (schedule.state !== 'active') return schedule;
      await this.pause(300, 600);
    }
  }
}
