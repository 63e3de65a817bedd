import { ApiError } from '../http/api-error.ts';
import type { TrafficTargetRow } from '../store/tables/releases.ts';
import type { Querier } from '../store/tables.ts';
import { SealError } from '../vault/sealed.ts';
import type { Vault } from '../vault/vault.ts';
import type { Means } from './kind.ts';
import { findKind } from './kinds.ts';
import { findTarget } from './repository.ts';
import { openSecrets } from './stored-target.ts';
import { TrafficError, type TrafficTarget } from './traffic-target.ts';

export interface TrafficTargetsDependencies extends Means {
  readonly database: Querier;
  readonly vault: Vault;
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
    const row = await findTarget(this.#dependencies.database, environmentId, key);
    return row === undefined ? undefined : this.openRow(row);
  }

  /** @throws {TrafficError} `refused` */
  openRow(row: TrafficTargetRow): TrafficTarget {
    const kind = findKind(row.kind);
    if (kind === undefined) {
      throw new TrafficError(
        'refused',
        `This version knows no traffic targets of kind "${row.kind}": save it with another.`,
      );
    }
    return kind.open(JSON.parse(row.settings), this.#secretsOf(row), this.#dependencies);
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
