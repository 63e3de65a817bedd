/** One line of a subject's outcome. All numbers of a line are in its unit. */
export interface Measurement {
  readonly case: string;
  readonly unit: string;
  readonly better: 'lower' | 'higher';
  readonly ours: number;
  /** What others took for the same, by name and version. */
  readonly peers?: Readonly<Record<string, number>>;
  /** The least the machine can do it in. */
  readonly floor?: number;
  /** What the design allows. */
  readonly budget?: number;
}

/** A line as it is written to the JSON file. */
export interface Result extends Measurement {
  readonly subject: string;
  /** Version of Node, `v24.1.0`. */
  readonly node: string;
  /** ISO 8601, UTC. */
  readonly date: string;
}

export interface Outcome {
  readonly measurements: readonly Measurement[];
  /** What a reader needs to know to read the numbers: who could not take part, and why. */
  readonly notes: readonly string[];
}

export interface Options {
  /** Short rounds and small sizes: shows that the bench works, gives no figures worth quoting. */
  readonly quick: boolean;
  /** Says what is being done; it is shown on the terminal. */
  readonly say: (text: string) => void;
}

export interface Subject {
  readonly name: string;
  readonly about: string;
  measure(options: Options): Promise<Outcome>;
}
