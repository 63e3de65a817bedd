import type { TestSpec } from '../evidence/test-spec.ts';
import { toTimestamp } from '../http/key-schema.ts';
import { percent, share, sumOf } from './describe.ts';
import type { VerdictDocument } from './verdict.ts';

/** Why it failed, for people who were not there. */
export function explain(document: VerdictDocument): string[] {
  const {
    atMs,
    safeguard,
    flag,
    variant,
    baseline,
    deploy,
    alone,
    rule,
    test,
    finding,
    steps,
    firstBadAtMs,
    outcomes,
    code,
  } = document;
  const { candidate, baseline: other } = sumOf(steps, test);
  const [first, last] = [steps[0], steps.at(-1)];
  const sentences = [
    `${document.summary}.`,
    `Safeguard "${safeguard.name}" (version ${safeguard.version}) found that at ${toTimestamp(atMs)}.`,
  ];
  if (deploy?.isCompared) {
    sentences.push(
      `It compared "${variant}" in version ${deploy.version} of the deploy with "${variant}" in the versions that ran beside it: no draw tells them apart, but whatever sends users to this instance or that one.`,
    );
  } else if (deploy !== undefined) {
    sentences.push(`It looked at what version ${deploy.version} of the deploy measured.`);
  }
  if (baseline !== null) {
    const split = rule === null || rule === '' ? 'the default rule' : `rule ${rule}`;
    sentences.push(
      `It compared those whom the split of ${split} served "${variant}" with those whom it served "${baseline}": they differ by the draw alone.`,
    );
  } else if (!deploy?.isCompared) {
    sentences.push(`It looked at "${variant}" on its own: nobody was there to compare it with.`);
  }
  if (first !== undefined && last !== undefined) {
    const looked = `From ${toTimestamp(first.fromMs)} to ${toTimestamp(last.toMs)}, in ${steps.length} steps,`;
    const beside = deploy?.isCompared ? 'other versions' : `"${baseline}"`;
    const compared = other === undefined ? '' : `, and ${beside} in ${share(other)}`;
    sentences.push(
      test.kind === 'sample_ratio'
        ? `${looked} ${candidate[0]} subjects were served "${variant}" for the first time, and ${other?.[0] ?? 0} "${baseline}"; each counts once.`
        : `${looked} "${variant}" of ${flag} was bad in ${share(candidate)}${compared}.`,
    );
  }
  if (firstBadAtMs !== null) sentences.push(`The evidence has grown since ${toTimestamp(firstBadAtMs)}.`);
  sentences.push(...explainAlone(alone));
  sentences.push(...explainTest(test, finding));
  for (const { action, result, reason } of outcomes) {
    const why = reason === document.summary ? '' : ` ${reason}`;
    sentences.push(`${action}: ${RESULTS[result] ?? result}.${why}`);
  }
  sentences.push(
    `Bunting ${code} judged exactly these counts; a replay of them gives the same, and says what another alpha or test would have found.`,
  );
  return sentences;
}

const RESULTS: Readonly<Record<string, string>> = {
  acted: 'done',
  would_have: 'not done, for it is a dry run',
  already: 'nothing to do',
  cooling_down: 'not done yet, for it may be the consequence of another kill',
  rate_limited: 'not done, for it has done enough for an hour',
  not_allowed: 'not allowed',
  failed: 'could not be done',
};

/** Where it was bad, when that was not everywhere. */
function explainAlone(alone: VerdictDocument['alone'] = []): string[] {
  return alone.map(({ kind, name, count, bad, others }) => {
    const named = name === '' ? 'Instances that say no version' : `The ${kind} ${name}`;
    const rest = `the ${others.groups} other ${kind}s together in ${share([others.count, others.bad])}`;
    return `${named} was bad in ${share([count, bad])}, ${rest}: look there first.`;
  });
}

function explainTest(test: TestSpec, { logE, threshold, burns }: VerdictDocument['finding']): string[] {
  if (burns !== undefined) {
    return burns.map(
      ({ longMs, long, short, limit }) =>
        `Over ${longMs / 60_000} min the budget of 30 days was used up ${long.toFixed(1)} times as fast as it may be, lately ${short.toFixed(1)} times; ${limit} is the limit for both.`,
    );
  }
  if (logE === undefined || threshold === undefined || !('alpha' in test)) return [];
  const period = 'periodMs' in test && test.periodMs !== undefined ? test.periodMs : undefined;
  const chance =
    period === undefined
      ? `with no harm that happens with a chance of ${percent(test.alpha)} at most, however long and often one looks`
      : `with no harm that happens once in ${Math.round(period / test.alpha / 86_400_000)} days at most, on average`;
  return [
    `The evidence against "no harm" stood at e^${logE.toFixed(1)}; the line is e^${threshold.toFixed(1)}: ${chance}.`,
  ];
}
