import type { TestSpec } from '../evidence/test-spec.ts';
import type { Verdict as Finding } from '../evidence/verdict.ts';
import type { Sides } from './arms.ts';
import type { Safeguard } from './safeguard.ts';
import { addPairs, type Pair, type Step } from './step.ts';

/** What is said of a verdict in one sentence, such as: `new-checkout: "on" fails 21 times as often as "off" (12 of 240, 3 of 1 260)`. */
export function summarize(
  flag: string,
  { candidate, baseline, deploy }: Pick<Sides, 'candidate' | 'baseline' | 'deploy'>,
  { metric, test }: Pick<Safeguard, 'metric'> & { readonly test: TestSpec },
  steps: readonly Step[],
  finding: Finding,
): string {
  const { candidate: looked, baseline: other } = sumOf(steps, test);
  const name = deploy === undefined ? `"${candidate}"` : `"${candidate}" of version ${deploy.version}`;
  const otherName = deploy?.isCompared ? 'in other versions' : `"${baseline}"`;
  const verb = VERBS[test.kind === 'latency' ? 'latency' : metric.kind];
  if (finding.burns !== undefined) {
    const worst = Math.max(...finding.burns.map(({ long }) => long));
    return `${flag}: ${name} uses up its error budget ${toText(worst)} times as fast as it may (${share(looked)})`;
  }
  if (test.kind === 'sample_ratio' && other !== undefined) {
    const given = looked[0] / (looked[0] + other[0]);
    const ratio = `${share([looked[0] + other[0], looked[0]])} subjects of its split, ${percent(given)}`;
    return `${flag}: ${name} is served to ${ratio}, where ${percent(test.expected ?? Number.NaN)} are due`;
  }
  if (other === undefined) {
    const limit = 'atMost' in test ? `, where ${percent(test.atMost)} is allowed` : '';
    return `${flag}: ${name} ${verb} in ${percent(rateOf(looked))} of all cases (${share(looked)})${limit}`;
  }
  const times = rateOf(looked) / rateOf(other);
  const counts = `(${share(looked)}, ${share(other)})`;
  if (!Number.isFinite(times)) {
    return `${flag}: ${name} ${verb} in ${percent(rateOf(looked))} of all cases, ${otherName} never ${counts}`;
  }
  return `${flag}: ${name} ${verb} ${toText(times)} times as often as ${otherName} ${counts}`;
}

const VERBS: Readonly<Record<Safeguard['metric']['kind'], string>> = {
  errors: 'fails',
  exposures: 'is served',
  latency: 'is slow',
  mismatches: 'differs',
  events: 'goes wrong',
  values: 'is above the limit',
  prometheus: 'is bad',
};

/** Both arms over all steps; of a latency test, at the threshold where they are furthest apart. */
export function sumOf(steps: readonly Step[], test: TestSpec): { candidate: Pair; baseline?: Pair } {
  if (test.kind === 'latency') {
    const sums = test.thresholdsMs.map((_, at) =>
      steps.reduce(
        (sum, { slower }) => {
          const [candidate, baseline] = slower?.[at] ?? [
            [0, 0],
            [0, 0],
          ];
          return { candidate: addPairs(sum.candidate, candidate), baseline: addPairs(sum.baseline, baseline) };
        },
        { candidate: [0, 0] as Pair, baseline: [0, 0] as Pair },
      ),
    );
    const gap = ({ candidate, baseline }: { candidate: Pair; baseline: Pair }) => rateOf(candidate) - rateOf(baseline);
    return sums.sort((a, b) => gap(b) - gap(a))[0] ?? { candidate: [0, 0] };
  }
  let candidate: Pair = [0, 0];
  let baseline: Pair | undefined;
  for (const step of steps) {
    candidate = addPairs(candidate, step.candidate);
    if (step.baseline !== undefined) baseline = addPairs(baseline ?? [0, 0], step.baseline);
  }
  return { candidate, ...(baseline === undefined ? {} : { baseline }) };
}

function rateOf([count, bad]: Pair): number {
  return count === 0 ? 0 : bad / count;
}

export function share([count, bad]: Pair): string {
  return `${group(bad)} of ${group(count)}`;
}

export function percent(rate: number): string {
  return `${toText(100 * rate)} %`;
}

function toText(value: number): string {
  return value >= 10 ? group(Math.round(value)) : String(Number(value.toPrecision(2)));
}

/** 1234567 as 1 234 567. */
function group(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ' ');
}
