interface Values {
  readonly type: 'values';
  readonly whole: boolean;
  readonly values: Readonly<Record<string, unknown>>;
  readonly delete: readonly string[];
}

/** What a connection has been told so far, as one message for a tab that comes later. */
export class WholeValues {
  #frame: Values | undefined;

  /** Takes a frame in; whatever is no values message leaves all as it is. */
  add(frame: unknown): void {
    let message: Partial<Values>;
    try {
      message = JSON.parse(String(frame));
    } catch {
      return;
    }
    if (message?.type !== 'values') return;
    const { values = {}, delete: deleted = [], whole = false } = message;
    const kept = { ...(whole ? {} : this.#frame?.values), ...values };
    for (const key of deleted) delete kept[key];
    this.#frame = { ...message, type: 'values', whole: true, values: kept, delete: [] };
  }

  /** Undefined while nothing has come. */
  get frame(): string | undefined {
    return this.#frame && JSON.stringify(this.#frame);
  }
}
