import type { EvaluationContext, FlagType, Json } from '@bunting/core';
import { mergeContexts } from './bound-flags.ts';
import type { EvaluationDetails, Evaluations } from './flags.ts';
import { callHost } from './host-call.ts';
import { type Logger, log } from './logger.ts';
import type { CodePaths } from './paths/code-paths.ts';

/** An evaluation as hooks see it. */
export interface HookContext {
  readonly key: string;
  /** What the caller asked for; the flag may be of another type. */
  readonly type: FlagType;
  readonly defaultValue: Json;
  /** The caller's, with what `before` added. */
  readonly context: EvaluationContext | undefined;
}

/**
 * What runs around each evaluation, in OpenFeature's order: `before` in the order of adding, then the evaluation, then
 * the others in the reverse order. Synchronous, as evaluation is. What a hook evaluates itself runs no hooks.
 */
export interface Hook {
  /** What it returns is laid over the context. */
  before?(call: HookContext): EvaluationContext | undefined;
  /** After an answer of the flag's. */
  after?(call: HookContext, details: EvaluationDetails<Json>): void;
  /** After the caller's default was served; `details.errorCode` says why. */
  error?(call: HookContext, details: EvaluationDetails<Json>): void;
  /** After either. */
  finally?(call: HookContext, details: EvaluationDetails<Json>): void;
}

type Stage = keyof Hook;

/** Evaluates without hooks. */
export type Explain = <T extends Json>(
  type: FlagType,
  key: string,
  defaultValue: T,
  context: EvaluationContext | undefined,
) => EvaluationDetails<T>;

/** Hooks in the order of adding. One that throws is logged, the first time, and changes nothing. */
export class Hooks {
  readonly #logger: Logger;
  /** Replaced, never changed, so that one may be added or removed while they run. */
  #entries: readonly { readonly hook: Hook; readonly failed: Set<Stage> }[] = [];
  #isRunning = false;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  get size(): number {
    return this.#entries.length;
  }

  /** Returns the function that removes it. */
  add(hook: Hook): () => void {
    const entry = { hook, failed: new Set<Stage>() };
    this.#entries = [...this.#entries, entry];
    return () => {
      this.#entries = this.#entries.filter((each) => each !== entry);
    };
  }

  run<T extends Json>(call: HookContext, evaluate: (context: EvaluationContext | undefined) => EvaluationDetails<T>) {
    if (this.#isRunning) return evaluate(call.context);
    this.#isRunning = true;
    try {
      const entries = this.#entries;
      let seen = call;
      for (const { hook, failed } of entries) {
        const added = this.#guard('before', failed, () => hook.before?.(seen));
        if (typeof added === 'object' && added !== null)
          seen = { ...seen, context: mergeContexts(seen.context, added) };
      }
      const details = evaluate(seen.context);
      const stage = details.errorCode === undefined ? 'after' : 'error';
      const backwards = entries.toReversed();
      for (const { hook, failed } of backwards) this.#guard(stage, failed, () => hook[stage]?.(seen, details));
      for (const { hook, failed } of backwards) this.#guard('finally', failed, () => hook.finally?.(seen, details));
      return details;
    } finally {
      this.#isRunning = false;
    }
  }

  #guard<T>(stage: Stage, failed: Set<Stage>, call: () => T): T | undefined {
    const logger: Logger = {
      error: (message) => {
        if (!failed.has(stage)) log(this.#logger, 'error', `${message} (said once)`);
        failed.add(stage);
      },
    };
    return callHost(logger, `the '${stage}' of a hook`, call);
  }
}

/** The methods that evaluate, with hooks around them. */
export function withHooks(
  hooks: Hooks,
  explain: Explain,
): Omit<Evaluations, 'withContext' | 'all' | 'track' | keyof CodePaths> {
  const run = <T extends Json>(type: FlagType, key: string, defaultValue: T, context: EvaluationContext | undefined) =>
    hooks.run({ key, type, defaultValue, context }, (seen) => explain(type, key, defaultValue, seen));
  return {
    isEnabled: (key, context, defaultValue = false) => run('boolean', key, defaultValue, context).value,
    getBooleanValue: (key, defaultValue, context) => run('boolean', key, defaultValue, context).value,
    getStringValue: <T extends string>(key: string, defaultValue: NoInfer<T>, context?: EvaluationContext) =>
      run<T>('string', key, defaultValue, context).value,
    getNumberValue: <T extends number>(key: string, defaultValue: NoInfer<T>, context?: EvaluationContext) =>
      run<T>('number', key, defaultValue, context).value,
    getObjectValue: (key, defaultValue, context) => run('object', key, defaultValue, context).value,
    getBooleanDetails: (key, defaultValue, context) => run('boolean', key, defaultValue, context),
    getStringDetails: <T extends string>(key: string, defaultValue: NoInfer<T>, context?: EvaluationContext) =>
      run<T>('string', key, defaultValue, context),
    getNumberDetails: <T extends number>(key: string, defaultValue: NoInfer<T>, context?: EvaluationContext) =>
      run<T>('number', key, defaultValue, context),
    getObjectDetails: (key, defaultValue, context) => run('object', key, defaultValue, context),
  };
}
