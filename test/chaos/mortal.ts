/** Where a process dies: at its nth call to something outside, before it is made, or after it was done and not yet heard of. */
export interface Death {
  /** From 1; 0: never. */
  readonly atCall: number;
  readonly when: 'before' | 'after';
}

/** A process that dies: from then on nothing that it tries has any effect. */
export class Mortal {
  calls = 0;
  isDead = false;
  readonly #death: Death;

  constructor(death: Death) {
    this.#death = death;
  }

  async do<T>(work: () => Promise<T>): Promise<T> {
    if (this.isDead) throw new Error('the process is dead');
    this.calls += 1;
    const isLast = this.calls === this.#death.atCall;
    if (isLast && this.#death.when === 'before') this.#die();
    const result = await work();
    if (isLast || this.isDead) this.#die();
    return result;
  }

  /** The same object, but each of these methods is a call that it may die at. */
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

  #die(): never {
    this.isDead = true;
    throw new Error('the process dies here');
  }
}
