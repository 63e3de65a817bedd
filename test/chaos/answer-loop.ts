import type { EvaluationContext } from '@bunting/core';

/** The SDK of a server or of a page, which has its context already. */
interface Asked {
  getNumberDetails(
    key: string,
    defaultValue: number,
    context: EvaluationContext,
  ): { readonly value: number; readonly errorCode?: string | undefined };
}

/** What an application heard from its SDK while it asked without a pause. */
export interface Heard {
  /** How many answers there were. */
  readonly answers: number;
  /** Everything that should not have been: exceptions, the caller's default, a value older than the one before. */
  readonly faults: readonly string[];
  stop(): void;
}

/** Asks for number flags, up to a thousand times a second unless told otherwise. Their values only ever grow. */
export function askWithoutPause(flags: Asked, keys: readonly string[], everyMs = 1): Heard {
  const newest = new Map<string, number>();
  const faults: string[] = [];
  let answers = 0;
  const ask = () => {
    for (const key of keys) {
      try {
        const { value, errorCode } = flags.getNumberDetails(key, Number.NaN, { targetingKey: 'someone' });
        answers++;
        const before = newest.get(key) ?? 0;
        if (errorCode !== undefined) faults.push(`${key}: the default was served (${errorCode})`);
        else if (value < before) faults.push(`${key}: ${value} after ${before}`);
        newest.set(key, Math.max(value, before));
      } catch (error) {
        faults.push(`${key}: threw ${error}`);
      }
    }
  };
  const timer = setInterval(ask, everyMs);
  return {
    get answers() {
      return answers;
    },
    faults,
    stop: () => clearInterval(timer),
  };
}
