import { ApiError, type Problem } from '../http/api-error.ts';
import type { TrafficTargetRow } from '../store/tables/releases.ts';
import type { Querier } from '../store/tables.ts';
import { SealError } from '../vault/sealed.ts';
import type { Vault } from '../vault/vault.ts';
import { AllowedPaths } from './allowed-paths.ts';
import { type ForProject, isFor } from './for-project.ts';
import type { Means } from './kind.ts';
import { findKind } from './kinds.ts';
import { findTarget, readProjectOf } from './repository.ts';
import type { GivenTarget } from './schemas.ts';
import { openSecrets } from './stored-target.ts';
import { TrafficError, type TrafficTarget } from './traffic-target.ts';

export interface TrafficTargetsDependencies extends Pick<Means, 'policy' | 'nginx' | 'now'> {
  readonly database: Querier;
  readonly vault: Vault;
  /** Folders, and namespaces of Kubernetes, that whoever runs the server has named. */
  readonly paths: readonly ForProject[];
  readonly namespaces: readonly ForProject[];
}

/** The traffic targets that people have set up, as what steers them sees them. */
export class TrafficTargets {
  readonly #dependencies: TrafficTargetsDependencies;

  constructor(dependencies: TrafficTargetsDependencies) {
    this.#dependencies = dependencies;
  }

  /**
   * Whoever opens it closes it. Undefined: there is none of this key.
   * @throws {TrafficError} `refused` when it cannot be opened as it was saved
   */
  async open(environmentId: string, key: string): Promise<TrafficTarget | undefined> {
    const { database } = this.#dependencies;
    const row = await findTarget(database, environmentId, key);
    return row === undefined ? undefined : this.openRow(row, await readProjectOf(database, environmentId));
  }

  /** What is wrong with settings, for people of a project; paths are within them. */
  problemsOf(project: string, { kind, settings }: Pick<GivenTarget, 'kind' | 'settings'>): Problem[] {
    return findKind(kind)?.check(settings, this.#meansOf(project)) ?? [];
  }

  /** @param project key @throws {TrafficError} `refused` */
  openRow(row: TrafficTargetRow, project: string): TrafficTarget {
    const kind = findKind(row.kind);
    if (kind === undefined) {
      throw new TrafficError(
        'refused',
        `This version knows no traffic targets of kind "${row.kind}": save it with another.`,
      );
    }
    return kind.open(JSON.parse(row.settings), this.#secretsOf(row), this.#meansOf(project));
  }

  /** What targets of a project may reach. */
  #meansOf(project: string): Means {
    const { policy, nginx, now, paths, namespaces } = this.#dependencies;
    const own = namespaces.filter((namespace) => isFor(namespace, project)).map(({ value }) => value);
    return { policy, nginx, now, paths: new AllowedPaths(paths, project), namespaces: own };
  }

  #secretsOf(row: TrafficTargetRow): unknown {
    try {
      return openSecrets(this.#dependencies.vault, row);
    } catch (error) {
      if (error instanceof ApiError) throw new TrafficError('refused', error.message, { cause: error });
      if (error instanceof SealError) {
        throw new TrafficError('refused', `Its secrets cannot be opened (${error.message}): give them again.`);
      }
      throw error;
    }
  }
}
