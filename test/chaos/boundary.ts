import type { Services } from '@bunting/server';

type Database = Services['database'];

/** Stands between a server and all that lies outside of its process: each call goes through `do`. */
export abstract class Boundary {
  abstract do<T>(work: () => Promise<T>): Promise<T>;

  /** The same object, but each of these methods is a call through here. */
  wrap<T extends object>(target: T, methods: readonly (keyof T & string)[]): T {
    return new Proxy(target, {
      get: (_, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== 'function') return member;
        const bound = member.bind(target) as (...args: unknown[]) => Promise<unknown>;
        return (methods as readonly (string | symbol)[]).includes(name)
          ? (...args: unknown[]) => this.do(() => bound(...args))
          : bound;
      },
    });
  }

  /** The same database; where a boundary cares for them, its statements are calls through here as well. */
  wrapDatabase(database: Database): Database {
    return database;
  }
}
