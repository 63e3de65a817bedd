import type { EvaluationContext } from '@bunting/core';
import type { Migration, MigrationOptions } from './migration.ts';
import type { ShadowOptions } from './shadow.ts';

/** The two sides of a boolean flag. */
export interface Sides<T> {
  readonly off: () => T;
  readonly on: () => T;
}

/** Code that flags choose between, and that is measured: how often each path ran, failed, and how long it took. */
export interface CodePaths {
  /**
   * Calls the side that a boolean flag chooses, `off` where the flag cannot be served, and returns or throws exactly what
   * it does.
   */
  run<T>(key: string, sides: Sides<T>): T;
  run<T>(key: string, context: EvaluationContext | undefined, sides: Sides<T>): T;

  /**
   * Reads and writes of two stores during a migration, by the stage that a string flag serves: `off`, `dualWrite`,
   * `shadow`, `live`, `rampDown`, `complete`.
   */
  migrate<R extends readonly unknown[], V, W extends readonly unknown[], T>(
    key: string,
    options: MigrationOptions<R, V, W, T>,
  ): Migration<R, V, W, T>;
  migrate<R extends readonly unknown[], V, W extends readonly unknown[], T>(
    key: string,
    context: EvaluationContext | undefined,
    options: MigrationOptions<R, V, W, T>,
  ): Migration<R, V, W, T>;

  /**
   * Tries a candidate on real calls. By the flag's value, `off` calls `current` alone; `shadow` answers by `current`, runs
   * the candidate beside it and compares; `on` calls the candidate alone. A boolean flag is `off` or `on`.
   */
  shadow<T>(key: string, options: ShadowOptions<T>): T;
  shadow<T>(key: string, context: EvaluationContext | undefined, options: ShadowOptions<T>): T;
}

/** What follows the key. */
export type PathArgs<Options> = [options: Options] | [context: EvaluationContext | undefined, options: Options];

export function readArgs<Options>(args: PathArgs<Options>): [EvaluationContext | undefined, Options] {
  return args[1] === undefined ? [undefined, args[0] as Options] : [args[0] as EvaluationContext | undefined, args[1]];
}
