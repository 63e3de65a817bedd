import type { FastifyBaseLogger } from 'fastify';
import type { Outcome, Request } from '../interventions/intervention.ts';
import type { Interventions } from '../interventions/interventions.ts';
import type { AlertTaker, BindingOutcome, Foreseen } from '../signals/binding-outcome.ts';
import { episodeOf, type SignalAlert } from '../signals/episode.ts';
import type { SignalSource } from '../signals/source.ts';
import type { Acted } from './acted.ts';
import type { KnownBinding } from './binding.ts';
import type { BindingBook } from './binding-book.ts';
import { causeOf } from './cause.ts';
import { type Decision, decide } from './decision.ts';
import { Postponed } from './postponed.ts';
import { Turns } from './turns.ts';

/** So many different targets are acted on beside those that have turns of their own. */
const MAX_SHARED = 10_000;

/** What failed is tried again after this, in milliseconds. */
const RETRY_MS = 5_000;

export interface BindingsDependencies {
  readonly book: BindingBook;
  readonly acted: Acted;
  readonly interventions: Pick<Interventions, 'act' | 'refuse' | 'lift' | 'foresee'>;
  readonly log: Pick<FastifyBaseLogger, 'error'>;
  readonly now: () => number;
}

/** What alerts lead to. Of an episode each binding acts once, however often and on however many servers it arrives. */
export class Bindings implements AlertTaker {
  readonly #dependencies: BindingsDependencies;
  readonly #postponed = new Postponed();
  readonly #turns = new Turns();
  /** What alerts that had no turn of their own lead to, by name. */
  readonly #shared = new Set<string>();

  constructor(dependencies: BindingsDependencies) {
    this.#dependencies = dependencies;
  }

  /** Acts on an alert whose authenticity was verified. A kill needs no database. Never rejects. */
  take(source: SignalSource, alert: SignalAlert): Promise<BindingOutcome[]> {
    const bindings = this.#dependencies.book.of(source);
    return Promise.all(
      bindings.map(async (binding) => {
        const taken = await this.#takeBy(binding, source, alert).catch((error: unknown) => {
          this.#dependencies.log.error({ err: error, binding: binding.key }, 'a binding failed');
          return { matched: true, outcomes: [], note: `It failed: ${error instanceof Error ? error.message : error}` };
        });
        return { binding: binding.key, project: binding.project, ...taken };
      }),
    );
  }

  /** What its bindings would make of an alert now. Nothing is done or recorded. */
  foresee(source: SignalSource, alert: SignalAlert): Foreseen[] {
    const { book, interventions, now } = this.#dependencies;
    return book.of(source).map((binding) => {
      const decision = decide(binding, source, alert, book, now());
      const { matched, note, action, mode, targets, refused } = decision;
      const foreseen = [
        ...interventions.foresee({ ...requestOf(binding, source, alert, decision), targets }),
        ...refused.map(({ target, reason }) => ({ target, result: 'not_allowed' as const, reason })),
      ];
      return {
        ...{ binding: binding.key, project: binding.project, matched, note, action, mode },
        targets: foreseen.map(({ target: { environment, flag }, result, reason }) => {
          return { environment, flag, result, reason };
        }),
      };
    });
  }

  close(): void {
    this.#postponed.close();
  }

  async #takeBy(binding: KnownBinding, source: SignalSource, alert: SignalAlert): Promise<Taken> {
    const { book, acted, now } = this.#dependencies;
    if (alert.status === 'resolved') return this.#resolve(binding, source, alert);
    const decision = decide(binding, source, alert, book, now());
    const { matched, note, targets, refused } = decision;
    if (targets.length + refused.length === 0) return { matched, note, outcomes: [] };
    const { episode } = alert;
    if (!acted.begin(binding.id, episode)) return { matched, note: 'It has acted on this episode.', outcomes: [] };
    // A kill waits for no database; of anything else one server's is enough.
    if (this.#kills(binding, source, alert, decision)) {
      const outcomes = await this.#act(binding, source, alert, decision);
      void acted.claim(binding.id, episode);
      return { matched, note, outcomes };
    }
    if (this.#turns.isFull) return this.#share(binding, source, alert, decision);
    const taken = await this.#turns.run(nameOf(binding, alert), async () => {
      if (await acted.claim(binding.id, episode)) {
        return { matched, note, outcomes: await this.#act(binding, source, alert, decision) };
      }
      return { matched, note: 'Another server has acted on this episode.', outcomes: [] };
    });
    return taken ?? { matched, note: 'It was resolved before it was acted on.', outcomes: [] };
  }

  /** Whether something is killed now: not where it is already, or where a pause takes the kill's place. */
  #kills(binding: KnownBinding, source: SignalSource, alert: SignalAlert, decision: Decision): boolean {
    const { action, mode, targets } = decision;
    if (action !== 'kill' || mode !== 'armed') return false;
    const foreseen = this.#dependencies.interventions.foresee({
      ...requestOf(binding, source, alert, decision),
      targets,
    });
    return foreseen.some(({ result }) => result === 'acted');
  }

  /**
   * Of what has no turn of its own any more, all that would do the same to the same acts once, and as no alert's own: what it
   * pauses stays so until a person resumes it. So a flood is bounded work, and whatever one of its alerts stops is stopped.
   */
  async #share(binding: KnownBinding, source: SignalSource, alert: SignalAlert, decision: Decision): Promise<Taken> {
    const { matched, action, mode, targets, refused } = decision;
    const name = JSON.stringify([binding.id, action, mode, targets, refused.map(({ target }) => target)]);
    const note = 'It came with very many others: those that do the same act as one.';
    if (this.#shared.has(name)) return { matched, note, outcomes: [] };
    if (this.#shared.size >= MAX_SHARED) {
      this.#dependencies.acted.forget(binding.id, alert.episode);
      return { matched, note: 'Nothing was done: too many alerts at once. Send it again.', outcomes: [] };
    }
    this.#shared.add(name);
    try {
      const shared = { ...alert, episode: episodeOf(binding.id, name, 'flood') };
      const outcomes = await this.#turns.run(name, () => this.#act(binding, source, shared, decision));
      return { matched, note, outcomes: outcomes ?? [] };
    } finally {
      this.#shared.delete(name);
    }
  }

  async #act(binding: KnownBinding, source: SignalSource, alert: SignalAlert, decision: Decision): Promise<Outcome[]> {
    const { interventions, acted } = this.#dependencies;
    const { targets, refused } = decision;
    const request = requestOf(binding, source, alert, decision);
    const refusals = refused.flatMap(({ target, reason }) =>
      interventions.refuse({ ...request, targets: [target] }, reason),
    );
    const outcomes = await interventions.act({ ...request, targets });
    const paused = outcomes.filter(({ action, result }) => action === 'pause' && result === 'acted');
    if (paused.length > 0) {
      await acted.notePaused(
        binding.id,
        alert.episode,
        paused.map(({ target }) => target),
      );
    }
    this.#postpone(binding, source, alert, outcomes);
    return [...refusals, ...outcomes];
  }

  /** What had to wait, or failed, is looked at again, as long as the binding is the same and the alert is not resolved. */
  #postpone(binding: KnownBinding, source: SignalSource, alert: SignalAlert, outcomes: readonly Outcome[]): void {
    const { book, now, log } = this.#dependencies;
    const waiting = outcomes.filter(({ result }) => result === 'cooling_down' || result === 'failed');
    if (waiting.length === 0) return;
    const againAtMs = Math.max(...waiting.map(({ againAtMs, atMs }) => againAtMs ?? atMs + RETRY_MS));
    const targets = new Set(waiting.map(({ target }) => JSON.stringify(target)));
    const again = async () => {
      const present = book.get(binding.id);
      if (present?.version !== binding.version) return;
      const decision = decide(present, source, alert, book, now());
      const left = decision.targets.filter((target) => targets.has(JSON.stringify(target)));
      if (left.length > 0) await this.#act(present, source, alert, { ...decision, targets: left, refused: [] });
    };
    this.#postponed.add(nameOf(binding, alert), Math.max(0, againAtMs - now()), () => {
      again().catch((error) => log.error({ err: error, binding: binding.key }, 'a binding failed'));
    });
  }

  /** The most that an alert's end leads to: what it paused goes on. */
  async #resolve(binding: KnownBinding, source: SignalSource, alert: SignalAlert): Promise<Taken> {
    const { acted, interventions } = this.#dependencies;
    this.#postponed.cancel(nameOf(binding, alert));
    await this.#turns.cancel(nameOf(binding, alert));
    const paused = await acted.pausedBy(binding.id, alert.episode);
    if (paused.length > 0) {
      const cause = { ...causeOf(binding, source, alert), summary: 'the alert is resolved' };
      const outcomes = await interventions.lift(cause, paused);
      const left = outcomes.filter(({ result }) => result !== 'lifted' && result !== 'already');
      await acted.noteLifted(
        binding.id,
        alert.episode,
        left.map(({ target }) => target),
      );
      return { matched: true, note: '', outcomes };
    }
    const mismatch = binding.mismatchOf(alert.labels);
    if (mismatch !== undefined) return { matched: false, note: `Does not match: ${mismatch}.`, outcomes: [] };
    return {
      matched: true,
      note: 'It is resolved, and had paused nothing. What was killed stays killed.',
      outcomes: [],
    };
  }
}

type Taken = Pick<BindingOutcome, 'matched' | 'outcomes' | 'note'>;

function nameOf({ id }: KnownBinding, { episode }: SignalAlert): string {
  return `${id} ${episode}`;
}

function requestOf(
  binding: KnownBinding,
  source: SignalSource,
  alert: SignalAlert,
  { action, mode }: Decision,
): Omit<Request, 'targets'> {
  const { maxKillsPerHour, coolDownSeconds } = binding.terms;
  const limits = { maxKillsPerHour, coolDownMs: coolDownSeconds * 1000 };
  return { cause: causeOf(binding, source, alert), action, mode, limits };
}
