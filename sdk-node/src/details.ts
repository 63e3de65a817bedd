import type { ErrorCode, Evaluation, FlagType, Json } from '@bunting/core';
import type { EvaluationDetails } from './flags.ts';
import type { FlagsError } from './flags-error.ts';

const NO_METADATA = Object.freeze({});

/** What the caller is told of an outcome: its own default with an error, unless there is a value of the type wanted. */
export function detailsOf<T extends Json>(
  { type, key, defaultValue }: { readonly type: FlagType; readonly key: string; readonly defaultValue: T },
  evaluation: Evaluation,
  { state, dataAgeMs }: Pick<EvaluationDetails<T>, 'state' | 'dataAgeMs'>,
): EvaluationDetails<T> {
  const { value, variant, reason, errorCode, errorMessage, metadata: flagMetadata } = evaluation;
  if (typeof value === type) {
    return { key, value: value as T, variant, reason, errorCode, errorMessage, flagMetadata, state, dataAgeMs };
  }
  const error = errorCode === undefined ? mismatch(type, value) : { errorCode, errorMessage };
  return { key, value: defaultValue, variant: undefined, reason: 'ERROR', ...error, flagMetadata, state, dataAgeMs };
}

/** The outcome while there is no ruleset. */
export function notReady(problem: FlagsError | undefined, isClosed: boolean): Evaluation {
  if (problem?.fatal) return failure('PROVIDER_FATAL', problem.message);
  if (isClosed) return failure('PROVIDER_NOT_READY', 'The client was closed before a ruleset came');
  const message = problem?.message ?? 'No ruleset has come yet; await ready() before the first use';
  return failure('PROVIDER_NOT_READY', message);
}

function failure(errorCode: ErrorCode, errorMessage: string): Evaluation {
  const metadata = NO_METADATA;
  return { value: undefined, variant: undefined, reason: 'ERROR', errorCode, errorMessage, metadata, exposures: 0 };
}

function mismatch(wanted: FlagType, value: Json | undefined): { errorCode: ErrorCode; errorMessage: string } {
  const errorMessage = `The flag is of type ${typeof value}, not ${wanted}; ask with the getter of its type`;
  return { errorCode: 'TYPE_MISMATCH', errorMessage };
}
