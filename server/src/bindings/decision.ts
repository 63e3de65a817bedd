import { KEY_PATTERN } from '@bunting/core';
import { toTimestamp } from '../http/key-schema.ts';
import { ACTIONS, type FlagTarget, type Mode } from '../interventions/intervention.ts';
import type { SignalAlert } from '../signals/episode.ts';
import type { SignalSource } from '../signals/source.ts';
import { refusalOf } from './allowance.ts';
import type { KnownBinding, Terms } from './binding.ts';

/** What is looked up of flags: all in memory. */
export interface FlagNames {
  /** The flag's present key, when it was renamed. */
  presentKey(project: string, key: string): string;
  /** Keys. */
  tagged(project: string, tag: string): readonly string[];
  tagsOf(project: string, flag: string): ReadonlySet<string>;
}

/** What a binding makes of an alert. */
export interface Decision {
  readonly matched: boolean;
  /** Why it does not act, or what is lowered; empty when there is nothing to say. */
  readonly note: string;
  readonly action: Terms['action'];
  readonly mode: Mode;
  readonly targets: readonly FlagTarget[];
  readonly refused: readonly { readonly target: FlagTarget; readonly reason: string }[];
}

/** Flags times environments that one alert may be about: more is a mistake. */
const MAX_TARGETS = 200;

const KEY = new RegExp(KEY_PATTERN);

type Alert = Pick<SignalAlert, 'labels' | 'status' | 'startsAtMs'>;

/** Judges an alert by a binding. Pure. An action can only be lowered on the way: by the alert's label, by the source. */
export function decide(
  binding: KnownBinding,
  source: SignalSource,
  alert: Alert,
  names: FlagNames,
  nowMs: number,
): Decision {
  const { terms, armedAtMs } = binding;
  const mode = source.mode === 'dry_run' ? 'dry_run' : terms.mode;
  const [action, lowered] = actionOf(terms.action, source, alert.labels);
  const no = (note: string, matched: boolean): Decision => ({ matched, note, action, mode, targets: [], refused: [] });
  const mismatch = binding.mismatchOf(alert.labels);
  if (mismatch !== undefined) return no(`Does not match: ${mismatch}.`, false);
  if (alert.status === 'unknown')
    return no('It says neither that something is wrong nor that it is right again.', true);
  if (alert.startsAtMs < armedAtMs) {
    const began = toTimestamp(alert.startsAtMs);
    return no(`It began at ${began}, before the binding was armed at ${toTimestamp(armedAtMs)}.`, true);
  }
  if (alert.startsAtMs < nowMs - terms.maxAgeSeconds * 1000) {
    return no(`It began at ${toTimestamp(alert.startsAtMs)}, more than ${terms.maxAgeSeconds} s ago.`, true);
  }
  const found = findTargets(binding, alert.labels, names);
  if (typeof found === 'string') return no(found, true);
  const judged = found.map((target) => ({ target, reason: refusalOf(source, target, names.tagsOf) }));
  return {
    ...{ matched: true, note: lowered, action, mode },
    targets: judged.flatMap(({ target, reason }) => (reason === undefined ? [target] : [])),
    refused: judged.flatMap(({ target, reason }) => (reason === undefined ? [] : [{ target, reason }])),
  };
}

/** The lowest of what the binding does, what the source may ask for and what the alert's label `action` says. */
function actionOf(
  own: Terms['action'],
  { key, allow }: SignalSource,
  { action: label }: Alert['labels'],
): [Terms['action'], note: string] {
  const asked = ACTIONS.find((action) => action === label);
  const lowest = [own, allow.action, asked ?? own].reduce((a, b) => (forceOf(b) < forceOf(a) ? b : a));
  if (lowest === own) {
    const isUnknown = label !== undefined && asked === undefined;
    return [own, isUnknown ? `Its label "action" is none of ${ACTIONS.join(', ')}, and lowers nothing.` : ''];
  }
  // What flags do not take is lowered to what they do.
  const action = lowest === 'rollback' ? 'abort' : lowest;
  const by = lowest === asked ? 'its label "action"' : `what the source "${key}" may ask for`;
  return [action, `Lowered from ${own} to ${action} by ${by}.`];
}

function forceOf(action: (typeof ACTIONS)[number]): number {
  return ACTIONS.indexOf(action);
}

/** @returns what is missing, as a sentence, when nobody can say which flag is meant */
function findTargets(
  { project, terms }: KnownBinding,
  labels: Alert['labels'],
  names: FlagNames,
): readonly FlagTarget[] | string {
  const { flags: which, environments: where } = terms.targets;
  const flags = 'tag' in which ? names.tagged(project, which.tag) : keysOf(which, labels, 'flag');
  if (typeof flags === 'string') return flags;
  if ('tag' in which && flags.length === 0) return `No flag has the tag "${which.tag}".`;
  const environments = keysOf(where, labels, 'environment');
  if (typeof environments === 'string') return environments;
  const count = flags.length * environments.length;
  if (count > MAX_TARGETS) return `It names ${count} targets, at most ${MAX_TARGETS}: make the binding narrower.`;
  const present = new Set(flags.map((flag) => names.presentKey(project, flag)));
  return environments.flatMap((environment) => [...present].map((flag) => ({ project, environment, flag })));
}

function keysOf(
  which: { readonly keys: readonly string[] } | { readonly label: string },
  labels: Alert['labels'],
  what: string,
): readonly string[] | string {
  if ('keys' in which) return which.keys;
  const { label } = which;
  const key = Object.hasOwn(labels, label) ? labels[label] : undefined;
  if (key === undefined) return `It has no label "${label}", which names the ${what}.`;
  return KEY.test(key) ? [key] : `Its label "${label}" is no key of a ${what}: "${key.slice(0, 100)}".`;
}
