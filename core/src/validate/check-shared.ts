import { BUCKET_COUNT } from '../model.ts';
import { MAX_PAGES, readPageKey } from '../segments/page-of.ts';
import { and, type Check, FINE, integer, isRecord, list, object, type Problem, problem, text } from './check.ts';
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
const paged = object({
  pages: and(integer(1, MAX_PAGES), (value) => {
    return Number.isInteger(Math.log2(value as number)) ? FINE : problem('must be a power of 2');
  }),
});
const keys: Check = (value) => {
  if (typeof value === 'string') return packed(value);
  return isRecord(value) ? paged(value) : listed(value);
};

/** The most keys of a page: a page is read in one go. */
const MAX_PAGE_KEYS = 10_000;

const pageName: Check = (value) => {
  const list = typeof value === 'string' ? readPageKey(value)?.list : undefined;
  const isPage = list?.endsWith('/included') === true || list?.endsWith('/excluded') === true;
  return isPage ? FINE : problem('must read <segment>/<included or excluded>/<page>');
};
const page = object({ key: pageName, keys: list(text(1, 1000), 0, MAX_PAGE_KEYS) });

const segment = object({ key, 'by?': path, 'included?': keys, 'excluded?': keys, 'when?': checkCondition });
const layer = object({ key, 'by?': path, 'seed?': text(0, 200), claims: rangesOf({ flag: key }) });
const holdout = object({ key, 'by?': path, 'seed?': text(0, 200), sizePer100k: integer(0, BUCKET_COUNT) });

/** Why a segment document is malformed; empty when it is fine. Never throws. */
export function checkSegment(document: unknown): Problem[] {
  return safely(() => segment(document));
}

/** Why a page of a segment's keys is malformed; empty when it is fine. Never throws. */
export function checkKeyPage(document: unknown): Problem[] {
  return safely(() => page(document));
}

/** Why a layer document is malformed; empty when it is fine. Never throws. */
export function checkLayer(document: unknown): Problem[] {
  return safely(() => layer(document));
}

/** Why a holdout document is malformed; empty when it is fine. Never throws. */
export function checkHoldout(document: unknown): Problem[] {
  return safely(() => holdout(document));
}
