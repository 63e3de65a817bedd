import { escapeLiteral } from 'pg';
import type { AddressPolicy } from '../egress/address-policy.ts';
import type { InstallationMeasurements } from '../measurements/installation-measurements.ts';
import type { Unconfirmed } from '../receipts/unconfirmed.ts';
import type { Database } from '../store/tables.ts';
import type { Action } from './actions.ts';
import type { ReadsCheck, Side, SqlStep } from './definition.ts';
import { callTool, type Done, runCommand, type Task } from './jobs.ts';
import type { Outcome } from './machine.ts';
import type { Secrets } from './plan.ts';
import type { PlacedPlan } from './repository.ts';
import type { PlanFlag } from './serve-stage.ts';
import { backfill, type Progress } from './sql/backfill.ts';
import { findDifference, findObjection } from './sql/check.ts';
import { runStep } from './sql/run-step.ts';
import { copySequences } from './sql/sequences.ts';
import { describeError, isPassing, Session, StepError } from './sql/session.ts';
import type { Move } from './state.ts';

export interface PerformerDependencies {
  readonly database: Database;
  readonly policy: AddressPolicy;
  readonly unconfirmed: Pick<Unconfirmed, 'find'>;
  readonly measurements: InstallationMeasurements;
  /** Where programs are that plans may run; undefined: they may run none. */
  readonly commands: string | undefined;
  readonly now: () => number;
}

/** What an action is about. */
export interface Subject {
  readonly plan: PlacedPlan;
  readonly secrets: Secrets;
  readonly flag: PlanFlag | undefined;
  readonly move: Move;
}

const SQL_WITHIN_SECONDS = 30;
const READS_WITHIN_SECONDS = 3_600;

/** Does what a plan's actions say, over connections that last while one server works on the plan. */
export class Performer {
  readonly #dependencies: PerformerDependencies;
  readonly #sessions = new Map<Side, Session>();

  constructor(dependencies: PerformerDependencies) {
    this.#dependencies = dependencies;
  }

  /** Does one action but `serve`, which is a change like any other. Rejects only when the signal says so. */
  async perform(
    action: Exclude<Action, { kind: 'serve' }>,
    subject: Subject,
    { signal, onProgress }: { readonly signal: AbortSignal; readonly onProgress: (progress: Progress) => void },
  ): Promise<Done> {
    let hasProgressed = false;
    const noteProgress = (progress: Progress) => {
      hasProgressed = true;
      onProgress(progress);
    };
    try {
      const done = await this.#do(action, subject, signal, noteProgress);
      // What was cut off has not failed: it is done again.
      if (done.outcome.is !== 'done') signal.throwIfAborted();
      return done;
    } catch (error) {
      signal.throwIfAborted();
      // Whatever state the connection is in, the next try has a new one.
      await this.close();
      const reason = describeError(error);
      if (isPassing(error)) return { outcome: { is: 'again', reason, hasProgressed }, output: reason };
      return { outcome: { is: 'failed', reason }, output: reason };
    }
  }

  async close(): Promise<void> {
    const sessions = [...this.#sessions.values()];
    this.#sessions.clear();
    await Promise.all(sessions.map((session) => session.close()));
  }

  async #do(
    action: Exclude<Action, { kind: 'serve' }>,
    subject: Subject,
    signal: AbortSignal,
    onProgress: (progress: Progress) => void,
  ): Promise<Done> {
    const { policy, commands, now } = this.#dependencies;
    if (action.kind === 'confirm') return says(await this.#confirm(subject));
    if (action.kind === 'settle') {
      const leftMs = subject.move.sinceMs + action.seconds * 1_000 - now();
      const reason = `What instances began before has ${Math.ceil(leftMs / 1_000)} s more to end.`;
      return says(leftMs > 0 ? { is: 'waiting', reason } : { is: 'done' });
    }
    if (action.kind === 'check') {
      const { check } = action;
      if ('reads' in check) return says(await this.#checkReads(check, subject));
      const objection =
        'same' in check
          ? await findDifference(
              await this.#session(subject, 'old'),
              await this.#session(subject, 'new'),
              check,
              signal,
            )
          : await findObjection(await this.#session(subject, check.on), check, signal);
      if (objection === undefined) return { outcome: { is: 'done' }, output: 'It holds.' };
      const { withinSeconds = SQL_WITHIN_SECONDS } = check;
      return says({ is: 'unmet', reason: objection, withinSeconds });
    }
    const { step } = action;
    const task = taskOf(subject);
    if ('webhook' in step) {
      return callTool(step, task, { policy, secret: subject.secrets.webhookSecret, nowMs: now(), signal });
    }
    if ('command' in step) return runCommand(step, task, commands, signal);
    if ('sequencesOf' in step) {
      const { from, sequencesOf } = step;
      const sides = [
        await this.#session(subject, from),
        await this.#session(subject, from === 'old' ? 'new' : 'old'),
      ] as const;
      return { outcome: { is: 'done' }, output: await copySequences(...sides, sequencesOf) };
    }
    const session = await this.#session(subject, step.on);
    if ('sql' in step) {
      const sql = withOtherUrl(step, subject.secrets);
      return { outcome: { is: 'done' }, output: await runStep(session, { ...step, sql }, task.id, signal) };
    }
    const rows = await backfill(session, step, task.id, { signal, onProgress });
    return { outcome: { is: 'done' }, output: `${rows} rows` };
  }

  async #confirm({ plan, flag }: Subject): Promise<Outcome> {
    if (flag === undefined) return { is: 'done' };
    const { database, unconfirmed } = this.#dependencies;
    const environment = await database
      .selectFrom('environments')
      .select(['id', 'incarnation', 'number'])
      .where('id', '=', plan.environment_id)
      .executeTakeFirstOrThrow();
    const { instances, names, servers, returningMs } = await unconfirmed.find(environment, {
      kind: 'flag',
      key: flag.row.key,
    });
    if (instances === 0 && servers.length === 0 && returningMs === 0) return { is: 'done' };
    const who = [
      ...(instances === 0 ? [] : [`${instances} instances (${names.map(({ id }) => id).join(', ')})`]),
      ...(servers.length === 0 ? [] : [`the servers ${servers.join(', ')}`]),
      ...(returningMs === 0
        ? []
        : [`those that may come back after a server's start, for ${Math.ceil(returningMs / 1_000)} s more`]),
    ];
    return { is: 'waiting', reason: `It is not known yet of ${who.join(' and ')} that they obey the flag.` };
  }

  async #checkReads({ reads, withinSeconds = READS_WITHIN_SECONDS }: ReadsCheck, subject: Subject): Promise<Outcome> {
    const { plan, flag, move } = subject;
    if (flag === undefined) return { is: 'failed', reason: 'Reads are compared by a flag: the plan names none.' };
    const { measurements } = this.#dependencies;
    const { comparisons } = await measurements.readAll({
      ...{ environmentId: plan.environment_id, flag: flag.row.key },
      // What was compared before this phase was served says nothing of it.
      ...{ fromMs: move.sinceMs, toMs: measurements.nowMs + 1_000, by: [] },
    });
    const sum = (of: 'compared' | 'mismatched') => comparisons.reduce((total, { counts }) => total + counts[of], 0);
    const [compared, mismatched] = [sum('compared'), sum('mismatched')];
    if (mismatched > (Math.max(compared, reads.minCompared) * reads.maxMismatchedPer100k) / 100_000) {
      return { is: 'failed', reason: `Of ${compared} reads that were compared ${mismatched} differ.` };
    }
    if (compared >= reads.minCompared) return { is: 'done' };
    const reason = `${compared} of ${reads.minCompared} reads are compared, of which ${mismatched} differ.`;
    return { is: 'unmet', reason, withinSeconds };
  }

  async #session({ plan, secrets }: Subject, side: Side = 'old'): Promise<Session> {
    const open = this.#sessions.get(side);
    if (open !== undefined) return open;
    const url = side === 'old' ? secrets.database : secrets.newDatabase;
    if (url === undefined)
      throw new StepError(`Give the plan ${side === 'old' ? 'database' : 'newDatabase'}: SQL is to run there.`);
    const session = await Session.open({ url, policy: this.#dependencies.policy, lock: plan.id, plan: plan.key });
    this.#sessions.set(side, session);
    return session;
  }
}

function says(outcome: Outcome): Done {
  return { outcome, output: 'reason' in outcome ? outcome.reason : '' };
}

/** `:other_url` stands for the connection URL of the other side, which is nobody's to read in plans and previews. */
function withOtherUrl({ sql, on = 'old' }: SqlStep, { database, newDatabase }: Secrets): string {
  const other = on === 'old' ? newDatabase : database;
  return other === undefined ? sql : sql.replaceAll(':other_url', () => escapeLiteral(other));
}

function taskOf({ plan, move }: Subject): Task {
  const { project, environment, key } = plan;
  const { phase, direction } = move;
  return { id: `${move.id}.${move.done}`, project, environment, plan: key, phase, direction };
}
