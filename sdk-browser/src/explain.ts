import type { ErrorCode, EvaluationDetails, FlagsState } from './flags.ts';
import type { FlagsError } from './flags-error.ts';
import type { EvaluatedValue, Json } from './protocol.ts';

export type JsonType = 'boolean' | 'string' | 'number' | 'object';

/** What an answer depends on besides the flag. */
export interface Circumstances {
  readonly key: string;
  readonly state: FlagsState;
  readonly dataAgeMs: number | undefined;
  /** Whether any values have come. */
  readonly hasValues: boolean;
  /** The latest problem, if there was one. */
  readonly problem: FlagsError | undefined;
}

/** The answer that a flag of `type` gives, with how it came about. */
export function explain<T extends Json>(
  type: JsonType,
  defaultValue: T,
  found: EvaluatedValue | undefined,
  circumstances: Circumstances,
): EvaluationDetails<T> {
  const { key, state, dataAgeMs } = circumstances;
  const common = { key, state, dataAgeMs, flagMetadata: {} };
  if (found !== undefined && typeof found.value === type) {
    const { variant } = found;
    const reason = state === 'cached' ? 'CACHED' : found.reason;
    return { ...common, value: found.value as T, variant, reason, errorCode: undefined, errorMessage: undefined };
  }
  const [errorCode, errorMessage] = failure(type, found, circumstances);
  return { ...common, value: defaultValue, variant: undefined, reason: 'ERROR', errorCode, errorMessage };
}

function failure(
  type: JsonType,
  found: EvaluatedValue | undefined,
  { hasValues, problem }: Circumstances,
): [ErrorCode, string] {
  if (found !== undefined) {
    return ['TYPE_MISMATCH', `The flag is of type ${typeof found.value}, not ${type}; ask with the getter of its type`];
  }
  if (hasValues) return ['FLAG_NOT_FOUND', 'No such flag is visible to pages'];
  if (problem === undefined)
    return ['PROVIDER_NOT_READY', 'No values have come yet; await ready() before the first use'];
  return [problem.fatal ? 'PROVIDER_FATAL' : 'PROVIDER_NOT_READY', problem.message];
}
