import { SUSPICIONS, tryAll } from '../../evidence/blame.ts';
import { median, round } from '../statistics.ts';
import type { Measurement, Subject } from '../subject.ts';

const SEED = 20_261_121;
/** Alpha and three standard deviations of a share of 1 000, in percent. */
const MOST_WRONG = 100 * (0.01 + 3 * Math.sqrt((0.01 * 0.99) / 1_000));

/** Whether the deploy or the flag is blamed, when one of them, both or none make it worse. */
export const blame: Subject = {
  name: 'blame',
  about: 'who is blamed when a deploy, a flag, both or neither make a release worse, and how soon: simulated',

  async measure({ quick, say }) {
    const runs = quick ? 20 : 1_000;
    const measurements: Measurement[] = [];
    for (const suspicion of SUSPICIONS) {
      say(`${suspicion.name} ...`);
      const { wrong, named } = tryAll(suspicion, runs, SEED);
      const ours = round((100 * wrong) / runs);
      const budget = round(MOST_WRONG);
      measurements.push({ case: `innocent accused: ${suspicion.name}`, unit: '%', better: 'lower', ours, budget });
      if (suspicion.flag === 1 && suspicion.deploy === 1) continue;
      const share = round((100 * named.length) / runs);
      measurements.push(
        { case: `guilty named in 10 min: ${suspicion.name}`, unit: '%', better: 'higher', ours: share },
        { case: `named after, median: ${suspicion.name}`, unit: 's', better: 'lower', ours: round(median([...named])) },
      );
    }
    return {
      measurements,
      notes: [
        `${runs} runs of each, seed ${SEED}; 10 minutes each, looked at every second; 100 requests a second, 0.5 % fail without harm`,
        '20 % of the requests go to the new version, half of those with the flag on unless the name says otherwise',
        'the budget is alpha, 1 % for both tests together, and three standard deviations of a share of 1 000',
      ],
    };
  },
};
