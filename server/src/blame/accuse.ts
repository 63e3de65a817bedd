import type { Arm } from '../evidence/window.ts';
import type { ReleaseFlag } from '../releases/spec.ts';
import { percent, share } from '../safeguards/describe.ts';
import type { BlameFact } from './blame.ts';
import type { Versions } from './looks.ts';
import { judgeTrial, lineOf, type Trial } from './trial.ts';

/** Evidence of no more flags is told: it is kept with each decision that rests on it. */
const MAX_SHOWN = 3;

/** Who is convicted, with the numbers; undefined: nobody. What is innocent or not yet known is not undone. */
export function accuse(
  flags: readonly ReleaseFlag[],
  versions: Versions,
  trials: readonly Trial[],
): BlameFact | undefined {
  const tried = flags.flatMap((flag, at) => {
    const trial = trials[at];
    return trial === undefined ? [] : [{ ...flag, trial, guilt: judgeTrial(flags.length, trial) }];
  });
  const ofFlags = tried.filter(({ guilt }) => guilt.flag);
  const ofDeploy = tried.filter(({ guilt }) => guilt.deploy);
  const reasons = [
    ...ofFlags.map(({ flag, candidate, baseline, trial: { sums } }) => {
      const arms = `"${candidate}" fails in ${rate(sums.flag.candidate)}, "${baseline}" in ${rate(sums.flag.baseline)}`;
      return `Flag "${flag}": in version ${versions.candidate}, ${arms}.`;
    }),
    ...ofDeploy.map(({ flag, baseline, trial: { sums } }) => {
      const [present, former] = [sums.deploy.candidate, sums.deploy.baseline];
      const arms = `version ${versions.candidate} fails in ${rate(present)}, ${versions.baseline} in ${rate(former)}`;
      return `The deploy: with "${baseline}" of flag "${flag}", ${arms}.`;
    }),
  ];
  if (reasons.length === 0) return undefined;
  const guilty = ofDeploy.length === 0 ? 'flag' : ofFlags.length === 0 ? 'deploy' : 'both';
  const accused = tried.filter(({ guilt }) => guilt.flag || guilt.deploy).slice(0, MAX_SHOWN);
  const evidence = accused.map(({ flag, candidate, baseline, trial }) => ({
    ...{ flag, candidate, baseline, comparisons: trial.curves },
  }));
  return { guilty, reason: reasons.join(' '), line: lineOf(flags.length), evidence };
}

function rate({ count, bad }: Arm): string {
  return `${percent(count === 0 ? 0 : bad / count)} (${share([count, bad])})`;
}
