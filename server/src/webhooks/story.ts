import type { AuditEvent } from '../audit/event.ts';
import { formatEvidence, formatReach, isRecord, oneLine } from './evidence.ts';
import { isUrgent } from './urgent.ts';

/** What the documentation of webhooks calls an event: an audit event without from where it was done. */
export type Told = Omit<AuditEvent, 'origin'>;

/** What a message for people says: plain text in single lines, which each format escapes in its own way. */
export interface Story {
  readonly actor: string;
  /** Such as `killed flag checkout in production of shop`. */
  readonly deed: string;
  /** Such as `Why: Errors`. Short, few, and in the order in which people ask. */
  readonly facts: readonly Fact[];
  /** Where people see it. */
  readonly link: string | undefined;
}

interface Fact {
  readonly name: string;
  readonly text: string;
}

/** @param link where people see what the event is about */
export function tell(event: Told, link: string | undefined): Story {
  const { actor, action, target, at, comment } = event;
  const after = isRecord(event.after) ? event.after : {};
  const cause = isRecord(after.cause) ? after.cause : {};
  const facts = {
    Why: text(cause.summary) ?? text(after.reason) ?? text(after.summary) ?? text(after.decision),
    Comment: comment,
    Evidence: formatEvidence(cause.evidence ?? after.evidence),
    Reached: formatReach(after),
    'Bad since': time(cause.firstBadAtMs),
    Found: time(cause.detectedAtMs),
    // Of an intervention that was not simply done.
    Note: cause.summary === undefined || after.reason === cause.summary ? undefined : text(after.reason),
    When: isUrgent({ action, actorKind: actor.kind, target: target.key }) ? time(Date.parse(at)) : undefined,
    Source: text(cause.link),
  };
  return {
    actor: oneLine(actor.name),
    deed: oneLine(`${deedOf(action, after)} ${whatOf(event, after)}${placeOf(event)}`),
    facts: Object.entries(facts).flatMap(([name, said]) => (said === undefined ? [] : [{ name, text: oneLine(said) }])),
    link,
  };
}

export function headlineOf({ actor, deed }: Story): string {
  return `${actor} ${deed}`;
}

/** By action: what was done, and what was to be done. */
const DEEDS: ReadonlyMap<unknown, readonly [done: string, toDo: string]> = new Map(
  Object.entries({
    notify: ['raised an alert about', 'raise an alert about'],
    pause: ['paused', 'pause'],
    abort: ['aborted', 'abort'],
    rollback: ['rolled back', 'roll back'],
    kill: ['killed', 'kill'],
  } as const),
);

/** Where the action's last word is no sentence. */
const OUTCOMES: ReadonlyMap<string, string> = new Map([
  ['safeguard.failed', 'reached its verdict on'],
  ['flag.rearmed', 're-armed'],
  ['flag.kill.confirmed', 'confirmed the kill of'],
  ['flag.kill.unconfirmed', 'could not confirm the kill of'],
  ['line.stopped', 'stopped the line of'],
  ['line.resumed', 'resumed the line of'],
  ['ramp.held', 'held the ramps of'],
  ['ramp.resumed', 'resumed the ramps of'],
  ['fire-drill.passed', 'passed a fire drill'],
  ['fire-drill.slow', 'passed a fire drill, but too slowly,'],
  ['fire-drill.failed', 'failed a fire drill'],
  ['release.preflight', 'started'],
  ['release.stepped', 'went on with'],
  ['release.progressing', 'began the stages of'],
  ['release.promoting', 'promoted'],
  ['release.baking', 'watches'],
  ['release.succeeded', 'ended well:'],
  ['release.aborting', 'takes back'],
  ['release.aborted', 'took back'],
  ['release.rolling_back', 'rolls back'],
  ['release.rolled_back', 'rolled back'],
  ['release.blocked', 'cannot go back with'],
  ['release.superseded', 'handed over'],
  ['release.failed', 'could not start'],
  ['migration-plan.stopped', 'cannot go on with'],
]);

function deedOf(action: string, after: Record<string, unknown>): string {
  const outcome = OUTCOMES.get(action);
  if (outcome !== undefined) return outcome;
  // What comes between says what of the target: flag.environment.updated.
  const verb = action.slice(action.lastIndexOf('.') + 1).replaceAll('-', ' ');
  const [done, toDo] = DEEDS.get(after.action) ?? [];
  if (!action.startsWith('intervention.') || done === undefined) return verb;
  if (verb === 'acted') return done;
  if (verb === 'would_have') return `would have ${done}`;
  if (verb === 'already') return `wanted to ${toDo}, as it was already,`;
  return `could not ${toDo}`;
}

/** A verdict is about a flag: which safeguard it is of its actor says. Releases are known by their titles, drills by their place. */
function whatOf({ action, target }: Told, { flag, title }: Record<string, unknown>): string {
  if (action === 'safeguard.failed' && typeof flag === 'string') return `flag ${flag}`;
  if (target.kind === 'fire-drill' && OUTCOMES.has(action)) return '';
  if (target.kind === 'release' && typeof title === 'string') return `release ${title}`;
  return `${target.kind} ${target.key}`;
}

function placeOf({ target, project, environment }: Told): string {
  if (project === null) return '';
  if (target.kind === 'project') return environment === null ? '' : ` in ${environment}`;
  return environment === null ? ` in ${project}` : ` in ${environment} of ${project}`;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** @param ms since 1970 */
function time(ms: unknown): string | undefined {
  if (typeof ms !== 'number' || !(Math.abs(ms) <= 8.64e15)) return undefined;
  return new Date(ms).toISOString().replace('T', ' ').replace('Z', ' UTC');
}
