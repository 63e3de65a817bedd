/**
 * The flags and subjects that every SDK is measured on, in words of no SDK: each adapter writes them in its own format.
 * Everything is computed from counters, so two runs measure the same data.
 */

/** One question about a subject. Each tests one attribute with one operator that all measured SDKs can express. */
export type Test =
  | { readonly attribute: 'country'; readonly oneOf: readonly string[] }
  | { readonly attribute: 'plan'; readonly equals: string }
  | { readonly attribute: 'email'; readonly endsWith: string }
  /** Semantic versions, compared by precedence. */
  | { readonly attribute: 'version'; readonly atLeast: string }
  | { readonly segment: string };

/** Matches when all tests hold; is then on for `percent` of the subjects, by their id. */
export interface RuleSpec {
  readonly all: readonly Test[];
  readonly percent: number;
}

/** A boolean flag. The first rule that matches decides; when none does, it is on for `otherwisePercent`. */
export interface FlagSpec {
  readonly key: string;
  /** Key of an on/off flag that must be on; else this flag is off. */
  readonly prerequisite?: string;
  readonly rules: readonly RuleSpec[];
  readonly otherwisePercent: number;
}

/** A list of subject ids. */
export interface SegmentSpec {
  readonly key: string;
  readonly ids: readonly string[];
}

export interface DataSet {
  readonly flags: readonly FlagSpec[];
  readonly segments: readonly SegmentSpec[];
}

/** Who is asked for: what a web application knows about its user. */
export interface Subject {
  /** 13 characters. */
  readonly id: string;
  readonly country: string;
  readonly plan: string;
  readonly email: string;
  readonly version: string;
}

const subjectCount = 10_000;
const segmentSize = 10_000;
const countries = ['de', 'fr', 'nl', 'se', 'es', 'it', 'pl', 'pt', 'at', 'dk'];
const otherCountries = ['us', 'ca', 'mx', 'br', 'ar', 'jp', 'kr', 'in', 'au', 'nz'];

/** Every subject passes the four tests of the last of the five rules, so each call walks all of them. */
export function makeSubjects(): Subject[] {
  const subjects = Array.from({ length: subjectCount }, (_, i) => ({
    id: idOf(i),
    country: countries[i % countries.length] ?? '',
    plan: 'pro',
    email: `${idOf(i)}@example.com`,
    version: `2.${3 + (i % 7)}.${i % 11}`,
  }));
  // Through JSON, as contexts come from requests: flat strings, and none shared with the flags' own operands.
  return JSON.parse(JSON.stringify(subjects));
}

/** The five measured workloads, with the flag that stands for each and the share of subjects it must be on for. */
export const workloads = [
  { name: 'on/off', flagKey: 'on-off', share: [1, 1] },
  { name: '50 % rollout', flagKey: 'half-rollout', share: [0.48, 0.52] },
  { name: 'five rules, then 20 %', flagKey: 'five-rules', share: [0.18, 0.22] },
  { name: 'segment of 10 000 keys', flagKey: 'in-segment', share: [0.5, 0.5] },
  { name: 'prerequisite', flagKey: 'with-prerequisite', share: [1, 1] },
] as const satisfies readonly { name: string; flagKey: string; share: readonly [number, number] }[];

export type Workload = (typeof workloads)[number];

/** 100 flags: those of the workloads, and fillers: 40 on/off, 40 rollouts, the rest five rules. */
export function makeHundredFlags(): DataSet {
  const measured: FlagSpec[] = [
    { key: 'on-off', rules: [], otherwisePercent: 100 },
    { key: 'half-rollout', rules: [], otherwisePercent: 50 },
    fiveRules('five-rules', 0),
    { key: 'in-segment', rules: [{ all: [{ segment: 'ten-thousand' }], percent: 100 }], otherwisePercent: 0 },
    { key: 'with-prerequisite', prerequisite: 'parent', rules: [], otherwisePercent: 100 },
    { key: 'parent', rules: [], otherwisePercent: 100 },
  ];
  const fillers = Array.from({ length: 100 - measured.length }, (_, i): FlagSpec => {
    if (i < 40) return { key: `filler-on-${i}`, rules: [], otherwisePercent: 100 };
    if (i < 80) return { key: `filler-rollout-${i}`, rules: [], otherwisePercent: 50 };
    return fiveRules(`filler-rules-${i}`, i);
  });
  // Half of the segment are subjects, half are strangers: every second subject is in it.
  const ids = Array.from({ length: segmentSize }, (_, i) => idOf(i < segmentSize / 2 ? i * 2 : subjectCount + i));
  return {
    flags: [...fillers.slice(0, 50), ...measured, ...fillers.slice(50)],
    segments: [{ key: 'ten-thousand', ids }],
  };
}

/** Flags of five rules and eight tests each, no two with the same literals. */
export function makeFiveRuleFlags(count: number): DataSet {
  return { flags: Array.from({ length: count }, (_, i) => fiveRules(`rules-${i}`, i)), segments: [] };
}

/** Four single-test rules that no subject passes, then one of four tests that all pass, on for 20 %. */
function fiveRules(key: string, salt: number): FlagSpec {
  return {
    key,
    rules: [
      { all: [{ attribute: 'country', oneOf: otherCountries }], percent: 100 },
      { all: [{ attribute: 'email', endsWith: `@staff-${salt}.example` }], percent: 100 },
      { all: [{ attribute: 'plan', equals: `trial-${salt}` }], percent: 100 },
      { all: [{ attribute: 'version', atLeast: `9.${salt % 10}.0` }], percent: 100 },
      {
        all: [
          { attribute: 'country', oneOf: countries },
          { attribute: 'email', endsWith: '@example.com' },
          { attribute: 'plan', equals: 'pro' },
          { attribute: 'version', atLeast: `2.2.${salt % 100}` },
        ],
        percent: 20,
      },
    ],
    otherwisePercent: 0,
  };
}

function idOf(i: number): string {
  return `user-${String(i).padStart(8, '0')}`;
}
