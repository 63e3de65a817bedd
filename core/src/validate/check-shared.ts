import { BUCKET_COUNT } from '../model.ts';
import { type Check, integer, list, object, type Problem, text } from './check.ts';
import { checkCondition } from './check-condition.ts';
import { rangesOf } from './check-serve.ts';
import { safely } from './safely.ts';

/** The most keys of one list in a segment, and the most characters of a packed one. */
const MAX_KEYS = 1_000_000;
const MAX_PACKED = 256 * 1024 * 1024;

const key = text(1, 100);
const path = text(1, 200);

const listed = list(text(1, 1000), 0, MAX_KEYS);
const packed = text(0, MAX_PACKED);
const keys: Check = (value) => (typeof value === 'string' ? packed(value) : listed(value));

const segment = object({ key, 'by?': path, 'included?': keys, 'excluded?': keys, 'when?': checkCondition });
const layer = object({ key, 'by?': path, 'seed?': text(0, 200), claims: rangesOf({ flag: key }) });
const holdout = object({ key, 'by?': path, 'seed?': text(0, 200), sizePer100k: integer(0, BUCKET_COUNT) });

/** Why a segment document is malformed; empty when it is fine. Never throws. */
export function checkSegment(document: unknown): Problem[] {
  return safely(() => segment(document));
}

/** Why a layer document is malformed; empty when it is fine. Never throws. */
export function checkLayer(document: unknown): Problem[] {
  return safely(() => layer(document));
}

/** Why a holdout document is malformed; empty when it is fine. Never throws. */
export function checkHoldout(document: unknown): Problem[] {
  return safely(() => holdout(document));
}
