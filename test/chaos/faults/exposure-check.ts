import { compile, type Flag, type Revision } from '@bunting/core';
import type { Api } from '../../../tools/demo-api.ts';
import type { Ledger } from './ledger.ts';
import type { Releaser } from './releaser.ts';
import { countOf } from './subjects.ts';

/** Of a released flag at a revision. */
interface Exposure {
  /** In 1/100 000. */
  readonly share: number;
  /** Of the subjects that applications ask for. */
  readonly count: number;
}

const EVERYONE = 100_000;

/**
 * Whatever an instance showed of a released flag is what the revision that it had says; and what revisions say, in their
 * order, is what the releases had set, in theirs: so nobody ever got more than the state of a release allowed.
 */
export class ExposureCheck {
  readonly #api: Api;
  readonly #ledger: Ledger;
  readonly #flags: readonly string[];
  /** By the revision's number, then by flag. */
  readonly #exposures = new Map<number, ReadonlyMap<string, Exposure>>();
  #checked = 0;

  constructor(api: Api, ledger: Ledger, flags: readonly string[]) {
    this.#api = api;
    this.#ledger = ledger;
    this.#flags = flags;
  }

  async check(releasers: readonly Releaser[]): Promise<void> {
    const seen = this.#ledger.sightings.slice(this.#checked).filter(({ flag }) => this.#flags.includes(flag));
    this.#checked = this.#ledger.sightings.length;
    for (const { instance, flag, revision, count, state } of seen) {
      if (revision === undefined) continue;
      const expected = (await this.#exposuresAt(revision)).get(flag)?.count;
      if (count === expected) continue;
      this.#ledger.blame(
        `${instance} (${state}): ${flag} is on for ${count} at revision ${revision}, which says ${expected}`,
      );
    }
    for (const releaser of releasers) await this.#checkOrder(releaser);
  }

  /** How many revisions were looked at. */
  get revisions(): number {
    return this.#exposures.size;
  }

  async #checkOrder(releaser: Releaser): Promise<void> {
    const allowed = [0, ...(await releaser.shares())];
    const inOrder = [...this.#exposures].sort(([one], [other]) => one - other);
    let at = 0;
    for (const [revision, exposures] of inOrder) {
      const share = exposures.get(releaser.flag)?.share;
      while (at < allowed.length && allowed[at] !== share) at++;
      if (at < allowed.length) continue;
      this.#ledger.blame(`${releaser.flag} is at ${share} at revision ${revision}, which no release had set by then`);
      return;
    }
  }

  async #exposuresAt(number: number): Promise<ReadonlyMap<string, Exposure>> {
    const known = this.#exposures.get(number);
    if (known !== undefined) return known;
    const path = `/projects/default/environments/development/revisions/${number}`;
    const { revision } = await this.#api.call<{ revision: Revision }>('GET', path);
    const { items } = await this.#api.call<{ items: { document: Flag }[] }>('GET', `${path}/items?kind=flag&limit=200`);
    const ruleset = compile({ revision, flags: items.map(({ document }) => document), kills: [] });
    const exposures = new Map(
      this.#flags.map((flag) => {
        const count = countOf((targetingKey) => ruleset.evaluate(flag, { targetingKey }).value === true);
        return [flag, { share: shareOf(items.find(({ document }) => document.key === flag)?.document), count }];
      }),
    );
    this.#exposures.set(number, exposures);
    return exposures;
  }
}

function shareOf(flag: Flag | undefined): number {
  const serve = flag?.defaultRule;
  if (serve === undefined) return Number.NaN;
  if (!('split' in serve) || serve.split === undefined)
    return 'variant' in serve && serve.variant === 'on' ? EVERYONE : 0;
  const on = serve.split.ranges.filter(({ variant }) => variant === 'on');
  return on.reduce((sum, { from, to }) => sum + to - from, 0);
}
