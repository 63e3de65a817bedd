import type { EvaluationContext, Json } from '@bunting/core';
import type { AllOptions, AllValues } from './all-values.ts';
import type { EvaluationDetails, Evaluations, TrackingDetails } from './flags.ts';
import { type PathArgs, readArgs, type Sides } from './paths/code-paths.ts';
import type { Migration, MigrationOptions } from './paths/migration.ts';
import type { ShadowOptions } from './paths/shadow.ts';

/** Flags with a context of their own, which each call's is laid over. `read` says it anew for each call. */
export class BoundFlags implements Evaluations {
  readonly #flags: Evaluations;
  readonly #read: () => EvaluationContext | undefined;

  constructor(flags: Evaluations, read: () => EvaluationContext | undefined) {
    this.#flags = flags;
    this.#read = read;
  }

  isEnabled(key: string, context?: EvaluationContext, defaultValue = false): boolean {
    return this.#flags.getBooleanValue(key, defaultValue, this.#under(context));
  }

  getBooleanValue(key: string, defaultValue: boolean, context?: EvaluationContext): boolean {
    return this.#flags.getBooleanValue(key, defaultValue, this.#under(context));
  }

  getStringValue<T extends string = string>(key: string, defaultValue: NoInfer<T>, context?: EvaluationContext): T {
    return this.#flags.getStringValue<T>(key, defaultValue, this.#under(context));
  }

  getNumberValue<T extends number = number>(key: string, defaultValue: NoInfer<T>, context?: EvaluationContext): T {
    return this.#flags.getNumberValue<T>(key, defaultValue, this.#under(context));
  }

  getObjectValue<T extends Json = Json>(key: string, defaultValue: T, context?: EvaluationContext): T {
    return this.#flags.getObjectValue(key, defaultValue, this.#under(context));
  }

  getBooleanDetails(key: string, defaultValue: boolean, context?: EvaluationContext): EvaluationDetails<boolean> {
    return this.#flags.getBooleanDetails(key, defaultValue, this.#under(context));
  }

  getStringDetails<T extends string = string>(
    key: string,
    defaultValue: NoInfer<T>,
    context?: EvaluationContext,
  ): EvaluationDetails<T> {
    return this.#flags.getStringDetails<T>(key, defaultValue, this.#under(context));
  }

  getNumberDetails<T extends number = number>(
    key: string,
    defaultValue: NoInfer<T>,
    context?: EvaluationContext,
  ): EvaluationDetails<T> {
    return this.#flags.getNumberDetails<T>(key, defaultValue, this.#under(context));
  }

  getObjectDetails<T extends Json = Json>(
    key: string,
    defaultValue: T,
    context?: EvaluationContext,
  ): EvaluationDetails<T> {
    return this.#flags.getObjectDetails(key, defaultValue, this.#under(context));
  }

  run<T>(key: string, ...args: PathArgs<Sides<T>>): T {
    const [context, sides] = readArgs(args);
    return this.#flags.run(key, this.#under(context), sides);
  }

  migrate<R extends readonly unknown[], V, W extends readonly unknown[], T>(
    key: string,
    ...args: PathArgs<MigrationOptions<R, V, W, T>>
  ): Migration<R, V, W, T> {
    const [context, options] = readArgs(args);
    return this.#flags.migrate(key, this.#under(context), options);
  }

  shadow<T>(key: string, ...args: PathArgs<ShadowOptions<T>>): T {
    const [context, options] = readArgs(args);
    return this.#flags.shadow(key, this.#under(context), options);
  }

  all(context?: EvaluationContext, options?: AllOptions): AllValues | undefined {
    return this.#flags.all(this.#under(context), options);
  }

  withContext(context: EvaluationContext): Evaluations {
    return new BoundFlags(this, () => context);
  }

  track(name: string, context?: EvaluationContext, details?: TrackingDetails): void {
    this.#flags.track(name, this.#under(context), details);
  }

  #under(context: EvaluationContext | undefined): EvaluationContext | undefined {
    return mergeContexts(this.#read(), context);
  }
}

/** Stands for what is no context or throws when it is read: evaluation answers INVALID_CONTEXT. */
const UNUSABLE = null as unknown as EvaluationContext;

/** The attributes of both, those of `inner` where both have one. Allocates only when both are given. */
export function mergeContexts(
  outer: EvaluationContext | undefined,
  inner: EvaluationContext | undefined,
): EvaluationContext | undefined {
  if (inner === undefined) return outer;
  if (outer === undefined) return inner;
  if (!isObject(outer) || !isObject(inner)) return UNUSABLE;
  try {
    return { ...outer, ...inner };
  } catch {
    return UNUSABLE;
  }
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
