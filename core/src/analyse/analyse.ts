import { survey } from '../compile/graph.ts';
import type { Ruleset } from '../model.ts';
import { segmentsIn } from '../segment-slot.ts';
import type { ItemKind } from '../sync/messages.ts';
import type { Problem } from '../validate/check.ts';
import { checkFlag } from '../validate/check-flag.ts';
import { checkHoldout, checkKeyPage, checkLayer, checkSegment } from '../validate/check-shared.ts';
import { AttributeUses } from './attributes.ts';
import { findContradiction } from './contradiction.ts';
import type { Finding } from './finding.ts';
import { analyseKeys } from './key-lists.ts';
import { analysePrerequisites } from './prerequisites.ts';
import { analyseReferences, analyseSegmentReferences } from './references.ts';
import { type Documents, reportOn } from './report.ts';
import { analyseRules, analyseSplits } from './rules.ts';

/** What is wrong or doubtful about a ruleset, without evaluating it. Never throws. */
export function analyse(ruleset: Ruleset): Finding[] {
  const findings: Finding[] = [];
  const documents: Documents = {
    flag: keepGood('flag', ruleset.flags, checkFlag, findings),
    segment: keepGood('segment', ruleset.segments, checkSegment, findings),
    keys: keepGood('keys', ruleset.keyPages, checkKeyPage, findings),
    layer: keepGood('layer', ruleset.layers, checkLayer, findings),
    holdout: keepGood('holdout', ruleset.holdouts, checkHoldout, findings),
  };
  const attributes = new AttributeUses();
  for (const flag of documents.flag.values()) {
    const report = reportOn(findings, 'flag', flag.key);
    analyseReferences(flag, documents, report);
    analysePrerequisites(flag, documents, report);
    analyseRules(flag, report);
    analyseSplits(flag, report);
    attributes.addFlag(flag);
  }
  analyseSegments(documents, attributes, findings);
  for (const layer of documents.layer.values()) {
    for (const [i, { flag }] of layer.claims.entries()) {
      if (documents.flag.has(flag)) continue;
      const report = reportOn(findings, 'layer', layer.key);
      report('unknown-reference', 'warning', `claims[${i}].flag`, `names the flag "${flag}", which does not exist`);
    }
  }
  return [...findings, ...attributes.findings()];
}

function analyseSegments(documents: Documents, attributes: AttributeUses, findings: Finding[]): void {
  const referencesOf = (key: string) => {
    const when = documents.segment.get(key)?.when;
    return when === undefined ? [] : segmentsIn(when);
  };
  for (const segment of documents.segment.values()) {
    const report = reportOn(findings, 'segment', segment.key);
    analyseKeys(segment, documents, report);
    const { isCyclic, isTooLarge } = survey(segment.key, referencesOf);
    if (isCyclic)
      report('cycle', 'error', 'when', 'leads back to the segment itself, which is therefore always unknown');
    else if (isTooLarge) report('cycle', 'error', 'when', 'leads to too many segments; it is always unknown');
    if (segment.when === undefined) continue;
    analyseSegmentReferences(segment.when, 'when', documents, report);
    const contradiction = findContradiction(segment.when, 'when');
    if (contradiction !== undefined) {
      report(
        'condition-contradictory',
        'warning',
        contradiction.path,
        `can never be true: it ${contradiction.message}`,
      );
    }
    attributes.addCondition(segment.when, 'segment', segment.key, 'when');
  }
}

/** The documents that are well formed; the others are reported. */
function keepGood<D extends { readonly key: string }>(
  kind: ItemKind,
  documents: readonly D[] = [],
  check: (document: unknown) => readonly Problem[],
  findings: Finding[],
): Map<string, D> {
  const good = new Map<string, D>();
  for (const [i, document] of documents.entries()) {
    const problems = check(document);
    if (problems.length === 0) good.set(document.key, document);
    for (const { path, message } of problems) {
      const key = nameOf(document) ?? `${kind}[${i}]`;
      findings.push({ code: 'malformed', severity: 'error', kind, key, path, message });
    }
  }
  return good;
}

/** The key of a document that may be anything. */
function nameOf(document: unknown): string | undefined {
  try {
    const key = (document as { key?: unknown } | null)?.key;
    return typeof key === 'string' ? key : undefined;
  } catch {
    return undefined;
  }
}
