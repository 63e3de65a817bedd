import type { KeyListName, Segment } from '../model.ts';
import { pageKey, pageOf } from '../segments/page-of.ts';
import type { Documents, Report } from './report.ts';

/** Keys that a segment both includes and excludes, pages that are not there, and keys that are on a wrong page. */
export function analyseKeys(segment: Segment, documents: Documents, report: Report): void {
  const wanted = new Set(collectKeys(segment, 'included', documents, report));
  const both = collectKeys(segment, 'excluded', documents, report).filter((key) => wanted.has(key));
  if (both.length === 0) return;
  const shown = both.slice(0, 3).join(', ');
  report(
    'segment-overlap',
    'warning',
    'excluded',
    `has ${both.length} keys that are also included (${shown}): they are out`,
  );
}

function collectKeys(segment: Segment, list: KeyListName, documents: Documents, report: Report): string[] {
  const keys = segment[list] ?? [];
  if (typeof keys === 'string') return keys.split('\n').filter((key) => key !== '');
  if (!('pages' in keys)) return [...keys];
  const found: string[] = [];
  const missing: string[] = [];
  let misplaced = 0;
  for (let page = 0; page < keys.pages; page++) {
    const name = pageKey(segment.key, list, page);
    const document = documents.keys.get(name);
    if (document === undefined) missing.push(name);
    for (const key of document?.keys ?? []) {
      if (pageOf(key, keys.pages) === page) found.push(key);
      else misplaced += 1;
    }
  }
  if (missing.length > 0) {
    const message = `lacks ${missing.length} of its ${keys.pages} pages (${missing[0]}): it is unknown whether subjects there are in the segment`;
    report('unknown-reference', 'error', `${list}.pages`, message);
  }
  if (misplaced > 0) {
    const message = `has ${misplaced} keys on pages other than their hashes name: they are never found`;
    report('key-misplaced', 'error', `${list}.pages`, message);
  }
  return found;
}
