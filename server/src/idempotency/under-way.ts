import type { Cluster } from '../cluster/cluster.ts';

/** Where servers ask each other for an attempt, below `/internal/v1`. */
export const ATTEMPTS_PATH = '/attempts';

/** What they answer. */
export interface AttemptState {
  readonly isUnderWay: boolean;
}

/** The attempts that this server is at, and the way to ask the others for theirs. */
export class UnderWay {
  readonly #own = new Set<string>();
  readonly #peers: Pick<Cluster, 'get'>;

  constructor(peers: Pick<Cluster, 'get'>) {
    this.#peers = peers;
  }

  begin(attempt: string): void {
    this.#own.add(attempt);
  }

  end(attempt: string): void {
    this.#own.delete(attempt);
  }

  isHere(attempt: string): boolean {
    return this.#own.has(attempt);
  }

  /**
   * Whether any server says that it is at the attempt. One that cannot be asked may be, and is not waited for: what it does
   * can no longer be committed once another attempt has taken the place of its own.
   */
  async isAnywhere(attempt: string): Promise<boolean> {
    if (this.isHere(attempt)) return true;
    const answers = await this.#peers.get<Partial<AttemptState> | null>(`${ATTEMPTS_PATH}/${attempt}`);
    return answers.some(({ body }) => body?.isUnderWay === true);
  }
}
