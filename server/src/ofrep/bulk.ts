import { type CompiledRuleset, type EvaluationContext, withContact } from '@bunting/core';
import { type Reach, servedKeys } from '../evaluate/served-keys.ts';
import { type AnswerText, answerText } from './answer-text.ts';

/** The answers of all flags for one context. */
export interface BulkAnswer {
  /**
   * A strong ETag of the answers themselves: it is the same on every server, and it changes with whatever moves an answer,
   * be it a change, a kill or the time that a ramp follows.
   */
  readonly etag: string;
  /** The value of `flags` in the response, as JSON. */
  readonly flagsJson: string;
}

/**
 * Evaluates every flag, or those that pages may see, for one context.
 * @param vouchAgeMs how long ago what is leased was looked after
 */
export function evaluateAll(
  compiled: CompiledRuleset,
  context: EvaluationContext,
  reach: Reach,
  vouchAgeMs: number,
): BulkAnswer {
  const texts: string[] = [];
  let high = 0;
  let low = 0;
  for (const key of servedKeys(compiled, reach)) {
    const answer: AnswerText = answerText(key, withContact(compiled.evaluate(key, context), vouchAgeMs));
    texts.push(answer.text);
    high = Math.imul(high ^ answer.high, 0x9e3779b1) ^ (low >>> 7);
    low = Math.imul(low ^ answer.low, 0x85ebca6b) ^ (high >>> 5);
  }
  return { etag: `"${hex(high)}${hex(low)}"`, flagsJson: `[${texts.join(',')}]` };
}

/** 8 hexadecimal digits of a 32-bit number. */
function hex(bits: number): string {
  return (bits >>> 0).toString(16).padStart(8, '0');
}
