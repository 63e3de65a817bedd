import type { Action, Mode } from '../interventions/intervention.ts';
import type { Vendor } from './episode.ts';

/** What the signals of a source may touch, and how hard. What is not named is not bounded. */
export interface Allowance {
  /** By key. Of a source of one project it is that project. */
  readonly projects?: readonly string[];
  readonly environments?: readonly string[];
  /** A flag is touched that is named here, or has one of the tags; without either, any. */
  readonly flags?: readonly string[];
  readonly tags?: readonly string[];
  /** The most forceful action. */
  readonly action: Action;
}

/** Who may send signals. */
export interface SignalSource {
  readonly id: string;
  /** Unique in the installation. */
  readonly key: string;
  readonly name: string;
  readonly vendor: Vendor;
  /** Undefined: of the installation. */
  readonly project?: string;
  readonly allow: Allowance;
  /** `dry_run`: whatever its signals match, nothing is done. */
  readonly mode: Mode;
  /** ARNs of the topics of SNS that may send. */
  readonly topics: readonly string[];
  /** An expression in CEL that makes alerts of what a generic source sends. */
  readonly mapping?: string;
}

/** What is sealed for a source opens for that source only. */
export const secretPurpose = (id: string): string => `signal-source:${id}`;

/** These vendors make the secret; the others are told ours. */
export const MAKES_SECRET: ReadonlySet<Vendor> = new Set(['pagerduty', 'sentry']);

/** SNS proves its messages by a certificate. */
export const hasSecret = (vendor: Vendor): boolean => vendor !== 'cloudwatch';
