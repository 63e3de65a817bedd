import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import { type ReleaseScene, Router } from './release-scene.ts';

const RELEASES = '/projects/default/releases';
const FORWARD = ['progressing', 'promoting', 'baking'];
const BACKWARD = ['aborting', 'rolling_back'];
const ACTIVE = ['preflight', ...FORWARD, ...BACKWARD, 'blocked'];
let made = 0;

/** A release as it is stored. */
interface Stored {
  readonly id: string;
  readonly phase: string;
  readonly attempt: number;
  readonly targets: readonly string[];
}

/** A flag and a traffic target of their own, the releases that move them, and what must hold of all that at any time. */
export class ReleaseWorld {
  readonly flag: string;
  readonly target: string;
  readonly router: Router;
  readonly ids: string[] = [];
  readonly #scene: ReleaseScene;
  /** The attempt on whose way back traffic fell, and what rose all the same. */
  #returned: string | undefined;
  readonly #risen: string[] = [];
  #before: { readonly returning: string | undefined; readonly share: number } | undefined;

  private constructor(scene: ReleaseScene) {
    made += 1;
    [this.flag, this.target] = [`flag-${made}`, `router-${made}`];
    this.#scene = scene;
    const router = new Router();
    this.router = router;
    const { apply } = router;
    router.apply = async (desired, fence) => {
      const from = router.last.per100k;
      const [owner] = (await this.#stored()).filter(isActive).filter(({ targets }) => targets.includes(this.#traffic));
      await apply.call(router, desired, fence);
      this.#note(owner, from, desired.candidatePer100k);
    };
    scene.routers.set(this.target, router);
  }

  static async make(scene: ReleaseScene): Promise<ReleaseWorld> {
    const world = new ReleaseWorld(scene);
    await scene.makeFlag(world.flag);
    return world;
  }

  /** Makes a release. @returns its id */
  async add(input: object): Promise<string> {
    const { id } = (await this.#scene.call('POST', RELEASES, input)) as { id?: string };
    if (id === undefined) throw new Error('the release was not made');
    this.ids.push(id);
    return id;
  }

  /** Of the flag. */
  turn(how: 'kill' | 'rearm'): Promise<unknown> {
    const path = `/projects/default/flags/${this.flag}/environments/production/${how}`;
    return this.#scene.call('POST', path, { reason: 'so' });
  }

  async active(): Promise<string[]> {
    return (await this.#stored()).filter(isActive).map(({ id }) => id);
  }

  /** What holds at any time. */
  async check(): Promise<void> {
    const active = (await this.#stored()).filter(isActive);
    const held = active.flatMap(({ id, targets }) => targets.map((target) => ({ id, target })));
    expect(held.map(({ target }) => target)).toHaveLength(new Set(held.map(({ target }) => target)).size);
    const rows = await this.#scene.database.selectFrom('release_targets').selectAll().execute();
    const kept = rows.filter(({ release_id }) => this.ids.includes(release_id));
    const byTarget = (one: { target: string }, other: { target: string }) => (one.target < other.target ? -1 : 1);
    expect(kept.map(({ release_id: id, target }) => ({ id, target })).sort(byTarget)).toEqual(held.sort(byTarget));
    const owner = active.find(({ targets }) => targets.some((target) => target.startsWith('flag:')));
    const returning = owner !== undefined && BACKWARD.includes(owner.phase) ? nameOf(owner) : undefined;
    const share = await this.#share();
    if (returning !== undefined && isDeepStrictEqual(this.#before?.returning, returning)) {
      expect(share).toBeLessThanOrEqual(this.#before?.share ?? 0);
    }
    this.#before = { returning, share };
    expect(this.#risen).toEqual([]);
  }

  /** When nothing is under way any more: of each target, what is out is that of who moved it last, and was not taken back. */
  async checkEnd(): Promise<void> {
    const stored = await this.#stored();
    const rows = await this.#scene.database
      .selectFrom('release_decisions')
      .select(['release_id', 'state', 'decision'])
      .where('release_id', 'in', [...this.ids, ''])
      .orderBy('id')
      .execute();
    const moved = rows.filter(({ state }) => [...FORWARD, ...BACKWARD].includes(JSON.parse(state).phase));
    const outOf = (kind: string) => {
      const has = (id: string) =>
        stored.some((one) => one.id === id && one.targets.some((name) => name.startsWith(kind)));
      const last = moved.findLast(({ release_id }) => has(release_id))?.release_id;
      return stored.find(({ id }) => id === last)?.phase === 'succeeded' ? 100_000 : 0;
    };
    const said = rows.map(({ release_id, decision }) => `${this.ids.indexOf(release_id) + 1}: ${decision}`);
    expect({ said, flag: await this.#share(), traffic: this.router.last.per100k }).toEqual({
      said,
      flag: outOf('flag:'),
      traffic: outOf('traffic:'),
    });
  }

  /** Whatever is left under way ends here, so that nothing of it is in others' way. */
  async remove(): Promise<void> {
    const { database, routers } = this.#scene;
    const ids = [...this.ids, ''];
    await database.deleteFrom('release_targets').where('release_id', 'in', ids).execute();
    await database.updateTable('releases').set({ phase: 'superseded' }).where('id', 'in', ids).execute();
    routers.delete(this.target);
  }

  get #traffic(): string {
    return `traffic:${this.target}`;
  }

  #note(owner: Stored | undefined, from: number, to: number): void {
    if (to < from && owner !== undefined && BACKWARD.includes(owner.phase)) this.#returned = nameOf(owner);
    if (to <= from) return;
    if (owner === undefined) this.#risen.push(`traffic from ${from} to ${to}, though no release is under way`);
    else if (nameOf(owner) === this.#returned) this.#risen.push(`traffic from ${from} to ${to} on the way back`);
  }

  async #stored(): Promise<Stored[]> {
    if (this.ids.length === 0) return [];
    const rows = await this.#scene.database.selectFrom('releases').selectAll().where('id', 'in', this.ids).execute();
    return rows.map(({ id, phase, state, spec }) => {
      const { flags, traffic } = JSON.parse(spec) as { flags: { id: string }[]; traffic?: { target: string } };
      const targets = [
        ...flags.map((flag) => `flag:${flag.id}`),
        ...(traffic === undefined ? [] : [`traffic:${traffic.target}`]),
      ];
      return { id, phase, attempt: (JSON.parse(state) as { attempt: number }).attempt, targets };
    });
  }

  /** Of `on`, in 1/100 000. */
  async #share(): Promise<number> {
    const flag = (await this.#scene.call('GET', `/projects/default/flags/${this.flag}`)) as FlagView;
    const { defaultRule } = flag.environments.production;
    if (defaultRule.split === undefined) return defaultRule.variant === 'on' ? 100_000 : 0;
    const on = defaultRule.split.ranges.filter(({ variant }) => variant === 'on');
    return on.reduce((sum, { from, to }) => sum + to - from, 0);
  }
}

interface FlagView {
  readonly environments: {
    readonly production: {
      readonly defaultRule: {
        readonly variant?: string;
        readonly split?: {
          readonly ranges: readonly { readonly variant: string; readonly from: number; readonly to: number }[];
        };
      };
    };
  };
}

function isActive({ phase }: Stored): boolean {
  return ACTIVE.includes(phase);
}

function nameOf({ id, attempt }: Stored): string {
  return `${id} ${attempt}`;
}
