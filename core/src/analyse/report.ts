import type { Ruleset } from '../model.ts';
import type { ItemKind } from '../sync/messages.ts';
import type { Finding } from './finding.ts';

/** Notes a finding about the document at hand. */
export type Report = (code: Finding['code'], severity: Finding['severity'], path: string, message: string) => void;

/** A ruleset's well-formed documents, by key. */
export interface Documents {
  readonly flag: ReadonlyMap<string, Ruleset['flags'][number]>;
  readonly segment: ReadonlyMap<string, NonNullable<Ruleset['segments']>[number]>;
  readonly keys: ReadonlyMap<string, NonNullable<Ruleset['keyPages']>[number]>;
  readonly layer: ReadonlyMap<string, NonNullable<Ruleset['layers']>[number]>;
  readonly holdout: ReadonlyMap<string, NonNullable<Ruleset['holdouts']>[number]>;
}

/** A `Report` about one document. */
export function reportOn(findings: Finding[], kind: ItemKind, key: string): Report {
  return (code, severity, path, message) => findings.push({ code, severity, kind, key, path, message });
}
