import type { ErrorCode, Evaluation, Reason } from '../evaluation.ts';
import type { Json, Variant } from '../model.ts';

export type Metadata = Evaluation['metadata'];

const NO_METADATA: Metadata = Object.freeze({});

/** Builds the outcomes of one flag, each once, so that all evaluations that end alike share an object. */
export class Outcomes {
  readonly all: Evaluation[] = [];
  readonly #values: ReadonlyMap<string, Json>;
  readonly #known = new Map<string, Evaluation>();

  constructor(variants: readonly Variant[]) {
    this.#values = new Map(variants.map(({ name, value }) => [name, value]));
  }

  serve(variant: string, reason: Reason, metadata: Metadata = NO_METADATA): Evaluation {
    const id = JSON.stringify([variant, reason, metadata]);
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const value = this.#values.get(variant);
    const built = { value, variant, reason, errorCode: undefined, errorMessage: undefined, metadata, exposures: 0 };
    this.#known.set(id, built);
    this.all.push(built);
    return built;
  }

  fail(errorCode: ErrorCode, errorMessage: string, metadata: Metadata = NO_METADATA): Evaluation {
    const built = failure(errorCode, errorMessage, metadata);
    this.all.push(built);
    return built;
  }
}

/** The outcome that leaves the caller with its own default. */
export function failure(errorCode: ErrorCode, errorMessage: string, metadata: Metadata = NO_METADATA): Evaluation {
  return { value: undefined, variant: undefined, reason: 'ERROR', errorCode, errorMessage, metadata, exposures: 0 };
}
