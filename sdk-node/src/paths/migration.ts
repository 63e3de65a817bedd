import type { Evaluation } from '@bunting/core';
import { describe } from '../host-call.ts';
import { begin } from './begin.ts';
import { type Beside, type Compare, readCompare } from './beside.ts';
import { type Choice, isOverride } from './choice.ts';
import type { Complaints } from './complaints.ts';
import type { Deadlines } from './deadlines.ts';
import { measure } from './measure.ts';
import { MigrationError } from './migration-error.ts';
import type { PathSink } from './path-window.ts';
import { race, readDeadline } from './race.ts';
import { isSafeStage, isStage, type MigrationStage, type SafeStage, type Side, STAGES } from './stages.ts';

/** The same work in both stores; `new` may take fewer arguments. */
interface Sides<Args extends readonly unknown[], T> {
  readonly old: (...args: Args) => T | PromiseLike<T>;
  readonly new: (...args: NoInfer<Args>) => T | PromiseLike<T>;
}

export interface MigrationOptions<
  ReadArgs extends readonly unknown[],
  Value,
  WriteArgs extends readonly unknown[],
  Result,
> {
  readonly read: Sides<ReadArgs, Value>;
  readonly write: Sides<WriteArgs, Result>;
  /** Whether the two stores' answers to a read mean the same. Default: deep, strict equality. */
  readonly compare?: Compare<Value>;
  /** For the side that does not answer. Default 1 000. */
  readonly deadlineMs?: number;
  /**
   * What a write does while the stage cannot be confirmed, because the server has not confirmed the flags for a minute or
   * the flag serves no stage: reject (`block`, the default), or go by a stage that writes both sides. Reads go by the last
   * stage that is known, else by this one, else by the old store.
   */
  readonly whenUnconfirmed?: 'block' | SafeStage;
}

/** One migration, for one context. The stage is asked anew by every read and write. */
export interface Migration<ReadArgs extends readonly unknown[], Value, WriteArgs extends readonly unknown[], Result> {
  /** The stage that the flag serves; undefined when it serves none. */
  readonly stage: MigrationStage | undefined;
  /** What the store that answers in this stage returns or rejects with. */
  read(...args: ReadArgs): Promise<Value>;
  /**
   * Writes to the store that decides, then to the other one, as the stage says. Rejects when the first write fails (the
   * other is not begun then), or with a `MigrationError` before any; never because of the other one.
   */
  write(...args: WriteArgs): Promise<MigrationWrite<Result>>;
}

/** What became of a write. */
export interface MigrationWrite<Result> {
  /** What the write that decides returned. */
  readonly value: Result;
  readonly authoritative: Side;
  /**
   * The other write, which was waited for until the deadline: `late` may still succeed or fail; `failed` needs to be
   * repaired, by a backfill for instance; `none`: the stage writes one side alone.
   */
  readonly other: 'written' | 'failed' | 'late' | 'none';
  /** Why the other one failed. */
  readonly error?: unknown;
}

/** What each side's calls are counted as. Written out: a name put together for each call would be hashed for each. */
const READ = { old: 'read.old', new: 'read.new' } as const;
const WRITE = { old: 'write.old', new: 'write.new' } as const;

/** What a migration needs of the client. */
export interface MigrationClient {
  readonly sink: PathSink;
  readonly beside: Beside;
  readonly deadlines: Deadlines;
  readonly complaints: Complaints;
  /** What the flag serves now, counted as an exposure. */
  choose(): Choice<string>;
  /** Whether the server confirmed the flags so lately that no stage can have been moved twice since. */
  isConfirmed(): boolean;
}

export function createMigration<R extends readonly unknown[], V, W extends readonly unknown[], T>(
  client: MigrationClient,
  options: MigrationOptions<R, V, W, T>,
): Migration<R, V, W, T> {
  const { sink, beside, deadlines } = client;
  // Without types anything may come: a side that is none rejects when it is called.
  const { read, write, compare, deadlineMs, whenUnconfirmed } = options ?? {};
  const isAlike = readCompare(compare);
  const deadline = readDeadline(deadlineMs);
  const safeStage = readSafeStage(whenUnconfirmed, client.complaints);

  return {
    get stage() {
      return stageOf(client.choose(), client.complaints);
    },

    async read(...args) {
      const choice = client.choose();
      const { first, second } = STAGES[stageOf(choice, client.complaints) ?? safeStage ?? 'off'].read;
      const answer = measure(() => begin(() => read[first](...args)), sink, READ[first], choice);
      if (second !== undefined) {
        beside.run({
          choice,
          path: READ[second],
          comparison: 'read',
          call: () => read[second](...args),
          deadlineMs: deadline,
          answer,
          compare: (value, other) => (first === 'old' ? isAlike(value, other) : isAlike(other, value)),
        });
      }
      return answer;
    },

    async write(...args) {
      const choice = client.choose();
      const known = stageOf(choice, client.complaints);
      const stage = known !== undefined && (client.isConfirmed() || isOverride(choice)) ? known : safeStage;
      if (stage === undefined) throw unconfirmed(choice, known);
      const { first, second } = STAGES[stage].write;
      const value = await measure(() => begin(() => write[first](...args)), sink, WRITE[first], choice);
      if (second === undefined) return { value, authoritative: first, other: 'none' };
      const raced = await race(() => write[second](...args), { deadlines, deadlineMs: deadline, holdsProcess: true });
      sink.record(WRITE[second], choice, raced.ending, raced.durationMs);
      if (raced.ending === 'failed') return { value, authoritative: first, other: 'failed', error: raced.cause };
      return { value, authoritative: first, other: raced.ending === 'late' ? 'late' : 'written' };
    },
  };
}

function stageOf({ key, value, isServed }: Choice<string>, complaints: Complaints): MigrationStage | undefined {
  if (!isServed) return undefined;
  if (isStage(value)) return value;
  const stages = Object.keys(STAGES).join(', ');
  complaints.say(
    `stage ${key}`,
    `the migration '${key}' serves '${value}', which is no stage; give its variants ${stages}`,
  );
  return undefined;
}

/** Undefined: writes are blocked. */
function readSafeStage(whenUnconfirmed: unknown, complaints: Complaints): SafeStage | undefined {
  if (isSafeStage(whenUnconfirmed)) return whenUnconfirmed;
  if (whenUnconfirmed === undefined || whenUnconfirmed === 'block') return undefined;
  const stages = Object.keys(STAGES).filter(isSafeStage).join(', ');
  complaints.say(
    'whenUnconfirmed',
    `whenUnconfirmed of migrate() must be block or a stage that writes both sides (${stages}); it blocks`,
  );
  return undefined;
}

function unconfirmed({ key, value, isServed, evaluation }: Choice, known: MigrationStage | undefined): MigrationError {
  let why = `the server has not confirmed the stage '${known}' within a minute`;
  if (isServed && known === undefined) why = `'${value}' is no stage`;
  else if (!isServed) why = describeLack(evaluation);
  return new MigrationError(
    'stage_unconfirmed',
    `Nothing was written, because the stage of the migration '${describe(key)}' cannot be confirmed: ${why}. Try again when the ` +
      "client's state is live and the flag serves a stage, or give migrate() a whenUnconfirmed that writes both sides, such as 'live'.",
  );
}

function describeLack(evaluation: Evaluation | undefined): string {
  if (evaluation === undefined) return 'no ruleset has come yet';
  return evaluation.errorMessage ?? 'the flag is not of type string';
}
