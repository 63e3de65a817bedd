import type { ErrorCode, Evaluation, Reason } from '../evaluation.ts';
import type { Variant } from '../model.ts';
import { isEqual } from './equal.ts';

export type Metadata = Evaluation['metadata'];

const NO_METADATA: Metadata = Object.freeze({});

/** Builds the outcomes of one flag, each once, so that all evaluations that end alike share an object. */
export class Outcomes {
  readonly all: Evaluation[] = [];
  readonly #variants: readonly Variant[];

  constructor(variants: readonly Variant[]) {
    this.#variants = variants;
  }

  serve(variant: string, reason: Reason, metadata: Metadata = NO_METADATA): Evaluation {
    for (const known of this.all) {
      if (known.variant === variant && known.reason === reason && isSame(known.metadata, metadata)) return known;
    }
    const value = this.#variants.find(({ name }) => name === variant)?.value;
    const built = { value, variant, reason, errorCode: undefined, errorMessage: undefined, metadata, exposures: 0 };
    this.all.push(built);
    return built;
  }

  fail(errorCode: ErrorCode, errorMessage: string, metadata: Metadata = NO_METADATA): Evaluation {
    const built = failure(errorCode, errorMessage, metadata);
    this.all.push(built);
    return built;
  }
}

/** Causes may come up again whenever a flag meets another ruleset; a rule makes its metadata once. */
function isSame(a: Metadata, b: Metadata): boolean {
  return a === b || (a.cause !== undefined && isEqual(a, b));
}

/** The outcome that leaves the caller with its own default. */
export function failure(errorCode: ErrorCode, errorMessage: string, metadata: Metadata = NO_METADATA): Evaluation {
  return { value: undefined, variant: undefined, reason: 'ERROR', errorCode, errorMessage, metadata, exposures: 0 };
}
