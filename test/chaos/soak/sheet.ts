/** What was seen each time, by column. */
export type Row = Readonly<Record<string, number>>;

/** Rows of the same columns, in the order of time. The first column is `seconds`. */
export class Sheet {
  readonly rows: Row[] = [];

  get columns(): readonly string[] {
    return Object.keys(this.rows[0] ?? {});
  }

  column(name: string): number[] {
    return this.rows.map((row) => row[name] ?? Number.NaN);
  }

  /** The prefixes of columns that end like this: `server` for `server heap MB` and `heap MB`. */
  processesWith(ending: string): string[] {
    return this.columns.filter((name) => name.endsWith(` ${ending}`)).map((name) => name.slice(0, -ending.length - 1));
  }

  toCsv(): string {
    const lines = this.rows.map((row) => this.columns.map((name) => round(row[name] ?? Number.NaN)).join(','));
    return [this.columns.join(','), ...lines, ''].join('\n');
  }
}

function round(value: number): number {
  return Number(value.toFixed(3));
}
