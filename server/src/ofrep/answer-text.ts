import { createHash } from 'node:crypto';
import type { Evaluation } from '@bunting/core';

/** An evaluation as OFREP's JSON, with 64 bits that stand for it in ETags. */
export interface AnswerText {
  readonly text: string;
  readonly high: number;
  readonly low: number;
}

const texts = new WeakMap<Evaluation, AnswerText>();

/**
 * The JSON of one flag's answer. Outcomes are objects that all evaluations which end alike share, so the text of each is
 * made once; what failed has no object of its own, and is written anew.
 */
export function answerText(key: string, evaluation: Evaluation): AnswerText {
  if (evaluation.errorCode !== undefined) return hashed(JSON.stringify(failure(key, evaluation)));
  let answer = texts.get(evaluation);
  if (answer === undefined) {
    const { value, reason, variant, metadata } = evaluation;
    answer = hashed(JSON.stringify({ key, value, reason, variant, metadata }));
    texts.set(evaluation, answer);
  }
  return answer;
}

/** OFREP's form of an evaluation that failed. */
export function failure(key: string, { errorCode, errorMessage }: Pick<Evaluation, 'errorCode' | 'errorMessage'>) {
  return { key, errorCode, errorDetails: errorMessage };
}

function hashed(text: string): AnswerText {
  const digest = createHash('sha256').update(text).digest();
  return { text, high: digest.readInt32LE(0), low: digest.readInt32LE(4) };
}
