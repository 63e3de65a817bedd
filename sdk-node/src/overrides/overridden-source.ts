import type { CompiledRuleset, Evaluation, EvaluationContext, FlagType, Revision, Subjects } from '@bunting/core';
import type { Answers } from '../all-values.ts';
import type { Source } from '../client.ts';
import type { Listeners } from '../events.ts';
import type { Logger } from '../logger.ts';
import { isOverride } from '../paths/choice.ts';
import type { OverrideValues } from './override-values.ts';
import { OverridesFile } from './overrides-file.ts';
import type { OverrideSettings } from './read-overrides.ts';

type Covered = Source & { readonly ruleset: CompiledRuleset | undefined };

/** A source of which some flags answer what the host says. Who overrides nothing has none in the way. */
export class OverriddenSource implements Source {
  /** What was overridden says nothing about the flag as others have it. */
  readonly paths: Source['paths'] = {
    record: (path, choice, ending, durationMs) => {
      if (!isOverride(choice)) this.#source.paths.record(path, choice, ending, durationMs);
    },
    compare: (path, choice, result) => {
      if (!isOverride(choice)) this.#source.paths.compare(path, choice, result);
    },
    expose: (path, choice) => {
      if (!isOverride(choice)) this.#source.paths.expose(path, choice);
    },
  };
  readonly #source: Covered;
  readonly #settings: OverrideSettings;
  readonly #listeners: Listeners;
  readonly #file: OverridesFile | undefined;
  #values: OverrideValues;
  #answers: OverriddenAnswers;

  constructor(source: Covered, settings: OverrideSettings, listeners: Listeners, logger: Logger) {
    this.#source = source;
    this.#settings = settings;
    this.#listeners = listeners;
    const { path } = settings;
    if (path !== undefined) this.#file = new OverridesFile(path, logger, () => this.#change());
    this.#values = this.#merge();
    this.#answers = new OverriddenAnswers(undefined, this.#values);
  }

  get ruleset(): Answers {
    const { ruleset } = this.#source;
    if (this.#answers.ruleset !== ruleset) this.#answers = new OverriddenAnswers(ruleset, this.#values);
    return this.#answers;
  }

  get source(): Source['source'] {
    return this.#source.source;
  }

  get problem(): Source['problem'] {
    return this.#source.problem;
  }

  get transport(): Source['transport'] {
    return this.#source.transport;
  }

  get exposures(): Source['exposures'] {
    return this.#source.exposures;
  }

  get events(): Source['events'] {
    return this.#source.events;
  }

  get samples(): Source['samples'] {
    return this.#source.samples;
  }

  get freshness(): Source['freshness'] {
    return this.#source.freshness;
  }

  start(): void {
    this.#source.start();
  }

  stop(): Promise<void> {
    this.#file?.close();
    return this.#source.stop();
  }

  /** The option comes before `BUNTING_OVERRIDES`, and both before the file. */
  #merge(): OverrideValues {
    return new Map([...(this.#file?.values ?? []), ...this.#settings.values]);
  }

  #change(): void {
    const before = this.#values;
    this.#values = this.#merge();
    const { ruleset } = this.#source;
    this.#answers = new OverriddenAnswers(ruleset, this.#values);
    const keys = [...new Set([...before.keys(), ...this.#values.keys()])];
    const changed = keys.filter((key) => textOf(before.get(key)) !== textOf(this.#values.get(key)));
    if (ruleset === undefined || changed.length === 0) return;
    const { revision, committedAtMs } = ruleset;
    this.#listeners.emit('change', { revision, keys: changed, committedAtMs });
  }
}

function textOf(evaluation: Evaluation | undefined): string | undefined {
  return evaluation && JSON.stringify(evaluation.value);
}

/** A ruleset, or none yet, with overrides laid over it. */
class OverriddenAnswers implements Answers {
  readonly ruleset: CompiledRuleset | undefined;
  readonly #values: OverrideValues;

  constructor(ruleset: CompiledRuleset | undefined, values: OverrideValues) {
    this.ruleset = ruleset;
    this.#values = values;
  }

  get revision(): Revision | undefined {
    return this.ruleset?.revision;
  }

  keys(): Iterable<string> {
    return new Set([...(this.ruleset?.keys() ?? []), ...this.#values.keys()]);
  }

  isClientVisible(key: string): boolean {
    return this.ruleset?.isClientVisible(key) ?? false;
  }

  typeOf(key: string): FlagType | undefined {
    const override = this.#values.get(key);
    return override === undefined ? this.ruleset?.typeOf(key) : (typeof override.value as FlagType);
  }

  evaluate(key: string, context: EvaluationContext): Evaluation | undefined {
    return this.#values.get(key) ?? this.ruleset?.evaluate(key, context);
  }

  subjectsOf(key: string, outcome: Evaluation): Subjects | undefined {
    return this.ruleset?.subjectsOf(key, outcome);
  }
}
