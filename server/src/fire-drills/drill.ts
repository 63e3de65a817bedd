import { setTimeout as wait } from 'node:timers/promises';
import { SYSTEM } from '../audit/actor.ts';
import { signatureHeaders } from '../egress/signature.ts';
import { CANARY } from '../interventions/canary.ts';
import type { Kills } from '../kills/kills.ts';
import type { KillTimeline } from '../kills/show-timeline.ts';
import type { Timelines } from '../kills/timelines.ts';
import type { LiveRuleset } from '../rulesets/live-ruleset.ts';
import type { SourceBook } from '../signals/source-book.ts';
import type { Result } from './fire-drill.ts';
import { ALERT_NAME, makeProps, type PropsDependencies, propsKeyOf } from './props.ts';

export interface DrillDependencies extends PropsDependencies {
  readonly kills: Pick<Kills, 'latest' | 'rearm'>;
  readonly timelines: Pick<Timelines, 'find'>;
  readonly sourceBook: Pick<SourceBook, 'get'>;
  /** Where this server listens. */
  readonly url: string;
  readonly now: () => number;
}

export interface DrillTerms {
  readonly runId: string;
  /** Slower is an alarm. */
  readonly limitMs: number;
  /** Aborted: receipts are not waited for any more, and the flag is re-armed at once. */
  readonly signal: AbortSignal;
}

/** How long the inbox may take to answer, in milliseconds. */
const ANSWER_MS = 10_000;
/** How long receipts may take: as long as timelines wait for them, and a little. */
const RECEIPTS_MS = 65_000;
const POLL_MS = 50;
const REARM_ATTEMPTS = 5;

/**
 * One fire drill: an alert over HTTP, signed as any sender's, to the flag that is there for it, until the last instance has
 * the kill; then the flag is re-armed. Never rejects: what goes wrong is what it is for.
 */
export async function drill(
  dependencies: DrillDependencies,
  ruleset: LiveRuleset,
  { runId, limitMs, signal }: DrillTerms,
): Promise<Result> {
  const { project, environment } = ruleset;
  const place = { project, environment, flag: CANARY };
  try {
    await makeProps(dependencies, ruleset);
    // As an earlier drill leaves it whose server ended.
    if (dependencies.kills.latest(place)?.engaged === true) await rearm(dependencies, place);
    const sentAtMs = dependencies.now();
    await sendAlert(dependencies, ruleset, runId, sentAtMs);
    const epoch = dependencies.kills.latest(place)?.epoch;
    if (epoch === undefined || dependencies.kills.latest(place)?.engaged !== true) {
      return failure(
        'The alert was taken, but did not kill the flag: look at the signals of the source and the binding.',
      );
    }
    const timeline = await completeTimeline(dependencies, place, epoch, signal);
    await rearm(dependencies, place);
    if (signal.aborted && !timeline.complete) return failure('The server was stopped before all receipts were there.');
    return judge(timeline, sentAtMs, limitMs);
  } catch (error) {
    return failure(error instanceof Error ? error.message : String(error));
  }
}

function failure(reason: string): Result {
  return { outcome: 'failed', reason, epoch: null, sentToLastMs: null, instances: null, confirmed: null };
}

function judge({ epoch, pushedAt, receipts, complete }: KillTimeline, sentAtMs: number, limitMs: number): Result {
  const { instances = null, confirmed = null, lastMs = null, pending = 0, incomplete = [] } = receipts ?? {};
  const sentToLastMs =
    lastMs === null || pushedAt === null ? null : Math.round((Date.parse(pushedAt) - sentAtMs + lastMs) * 10) / 10;
  const result = { epoch, sentToLastMs, instances, confirmed };
  if (!complete || pending > 0 || incomplete.length > 0) {
    const reason = `${pending} of ${instances} instances did not obey, and ${incomplete.length} servers did not answer.`;
    return { ...result, outcome: 'failed', reason };
  }
  if (sentToLastMs === null) {
    return { ...result, outcome: 'passed', reason: 'The flag was killed. No instance was connected that could obey.' };
  }
  const took = `All ${instances} instances obeyed, the last ${sentToLastMs} ms after the alert was sent`;
  return sentToLastMs > limitMs
    ? { ...result, outcome: 'slow', reason: `${took}: more than ${limitMs} ms.` }
    : { ...result, outcome: 'passed', reason: `${took}.` };
}

async function sendAlert(dependencies: DrillDependencies, ruleset: LiveRuleset, runId: string, atMs: number) {
  const key = propsKeyOf(ruleset);
  const secret = dependencies.sourceBook.get(key)?.secret;
  if (secret === undefined) throw new Error(`The source of signals "${key}" has no secret on this server.`);
  const body = JSON.stringify({
    status: 'firing',
    fingerprint: 'fire-drill',
    startsAt: new Date(atMs).toISOString(),
    labels: { alertname: ALERT_NAME, run: runId },
    annotations: { summary: 'Fire drill: a synthetic alert that kills a flag that nobody asks for' },
  });
  const response = await fetch(`${dependencies.url}/signals/${key}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...signatureHeaders([secret], runId, atMs, body) },
    body,
    redirect: 'error',
    signal: AbortSignal.timeout(ANSWER_MS),
  }).catch((error: Error) => {
    const { message } = error.cause instanceof Error ? error.cause : error;
    const fix = 'set BUNTING_INTERNAL_URL to where the servers of the installation reach it';
    throw new Error(`This server does not reach itself at ${dependencies.url} (${message}): ${fix}.`);
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`The inbox refused the alert: ${response.status} ${text.slice(0, 300)}`);
}

async function completeTimeline(
  { timelines }: DrillDependencies,
  place: { readonly project: string; readonly environment: string },
  epoch: number,
  signal: AbortSignal,
): Promise<KillTimeline> {
  for (const deadlineMs = performance.now() + RECEIPTS_MS; ; ) {
    const timeline = await timelines.find(place, CANARY, epoch);
    if (timeline.complete || signal.aborted || performance.now() > deadlineMs) return timeline;
    await wait(POLL_MS, undefined, { signal }).catch(() => {});
  }
}

/** @throws when the database does not take it, after some attempts: then the next drill begins with it */
async function rearm({ kills }: DrillDependencies, place: Parameters<Kills['rearm']>[1]): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await kills.rearm(SYSTEM, place, 'The fire drill is over.');
      return;
    } catch (error) {
      if (attempt === REARM_ATTEMPTS) throw error;
      await wait(1_000 * attempt);
    }
  }
}
