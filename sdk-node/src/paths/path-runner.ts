import type { EvaluationContext, FlagType, Json } from '@bunting/core';
import { describe } from '../host-call.ts';
import type { Logger } from '../logger.ts';
import { Beside } from './beside.ts';
import type { Choice } from './choice.ts';
import { type CodePaths, type PathArgs, readArgs, type Sides } from './code-paths.ts';
import { Complaints } from './complaints.ts';
import { Deadlines } from './deadlines.ts';
import { measure } from './measure.ts';
import { createMigration, type Migration, type MigrationOptions } from './migration.ts';
import type { PathSink } from './path-window.ts';
import { runShadow, type ShadowOptions } from './shadow.ts';

/** What code paths need of the client. */
export interface PathClient {
  readonly logger: Logger;
  readonly sink: PathSink;
  /** What the flag serves, counted as an exposure. */
  choose<T extends Json>(type: FlagType, key: string, defaultValue: T, context?: EvaluationContext): Choice<T>;
  /** Undefined when nobody knows. */
  typeOf(key: string): FlagType | undefined;
  /** As for `Migration`. */
  isConfirmed(): boolean;
}

/** Runs what flags choose. Throws nothing but what the host's own functions throw. */
export class PathRunner implements CodePaths {
  readonly #client: PathClient;
  readonly #complaints: Complaints;
  readonly #deadlines = new Deadlines();
  readonly #beside: Beside;

  constructor(client: PathClient) {
    this.#client = client;
    this.#complaints = new Complaints(client.logger);
    this.#beside = new Beside(client.sink, this.#deadlines, this.#complaints);
  }

  run<T>(key: string, ...args: PathArgs<Sides<T>>): T {
    const [context, given] = readArgs(args);
    const choice = this.#client.choose('boolean', key, false, context);
    const sides = this.#check('run', key, given, 'off', 'on');
    this.#client.sink.expose('run', choice);
    return measure(choice.value ? () => sides.on() : () => sides.off(), this.#client.sink, 'run', choice);
  }

  migrate<R extends readonly unknown[], V, W extends readonly unknown[], T>(
    key: string,
    ...args: PathArgs<MigrationOptions<R, V, W, T>>
  ): Migration<R, V, W, T> {
    const [context, options] = readArgs(args);
    const client = this.#client;
    return createMigration(
      {
        sink: client.sink,
        beside: this.#beside,
        deadlines: this.#deadlines,
        complaints: this.#complaints,
        choose: () => client.choose<string>('string', key, '', context),
        isConfirmed: () => client.isConfirmed(),
      },
      options,
    );
  }

  shadow<T>(key: string, ...args: PathArgs<ShadowOptions<T>>): T {
    const [context, given] = readArgs(args);
    const client = this.#client;
    const choice =
      client.typeOf(key) === 'boolean'
        ? client.choose<string | boolean>('boolean', key, false, context)
        : client.choose<string | boolean>('string', key, 'off', context);
    const options = this.#check('shadow', key, given, 'current', 'candidate');
    return runShadow(choice, options, { sink: client.sink, beside: this.#beside, complaints: this.#complaints });
  }

  /** What was given, if both sides can be called; one that cannot does nothing. */
  #check<S extends object>(
    method: string,
    key: string,
    given: S,
    first: keyof S & string,
    second: keyof S & string,
  ): S {
    if (typeof given?.[first] === 'function' && typeof given[second] === 'function') return given;
    const name = describe(key);
    this.#complaints.say(
      `${method} ${name}`,
      `${method}('${name}') takes { ${first}, ${second} }, two functions; what is missing does nothing`,
    );
    const nothing = { [first]: () => undefined, [second]: () => undefined };
    const callable = Object.entries(given ?? {}).filter(([, value]) => typeof value === 'function');
    return { ...nothing, ...Object.fromEntries(callable) } as S;
  }
}
