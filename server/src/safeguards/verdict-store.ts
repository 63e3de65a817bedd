import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import type { FastifyBaseLogger } from 'fastify';
import { ALL_POWERS } from '../access/powers.ts';
import type { Changes } from '../changes/changes.ts';
import type { Journal } from '../journal/journal.ts';
import { lockEnvironment } from '../rulesets/repository.ts';
import { coalesce } from '../store/coalesce.ts';
import { isStoreFailure } from '../store/store-failure.ts';
import { insertVerdict, noteFailure } from './repository.ts';
import { type Safeguard, targetOf } from './safeguard.ts';
import { hashOf, type VerdictDocument } from './verdict.ts';

/** What another server stored of the same safeguard and flag within this time is the same. */
const SAME_MS = 5 * 60_000;
/** Verdicts that wait for the database, at most: there is one every ten minutes of a safeguard and flag. */
const MAX_WAITING = 1_000;
const RETRY_MS = 2_000;

/** A verdict and where it belongs. */
export interface Reached {
  readonly place: Pick<Safeguard, 'environmentId' | 'project' | 'environment'>;
  readonly document: VerdictDocument;
}

export interface VerdictStoreDependencies {
  readonly changes: Changes;
  readonly journal: Pick<Journal, 'keep' | 'forget' | 'entries'>;
  /** Shows how many wait. */
  readonly gauge: { set(value: number): void };
  readonly log: FastifyBaseLogger;
}

const KIND = 'verdict';

/** What the disk must say of one, at least, to be taken up. */
const KeptSchema = Type.Object({
  place: Type.Object({ environmentId: Type.String(), project: Type.String(), environment: Type.String() }),
  document: Type.Object({ id: Type.String(), atMs: Type.Number() }),
});

/** Stores verdicts, once of all servers that reached them; while the database fails they wait, on the disk, too. */
export class VerdictStore {
  readonly #dependencies: VerdictStoreDependencies;
  /** By id. */
  readonly #waiting = new Map<string, Reached>();
  readonly #flush = coalesce(() => this.#storeAll());
  #retry: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(dependencies: VerdictStoreDependencies) {
    this.#dependencies = dependencies;
    for (const { id, document } of dependencies.journal.entries(KIND)) {
      // What is no verdict to this version stays on the disk.
      if (Value.Check(KeptSchema, document)) this.#waiting.set(id, document as unknown as Reached);
    }
    if (this.#waiting.size > 0) void this.#flush();
  }

  add(reached: Reached): void {
    const { journal, log } = this.#dependencies;
    const { id } = reached.document;
    if (this.#waiting.size >= MAX_WAITING) {
      log.error(
        { verdict: { ...reached.document, steps: [] } },
        'too many verdicts wait for the database: this one is lost',
      );
      return;
    }
    this.#waiting.set(id, reached);
    void journal.keep(KIND, id, JSON.parse(JSON.stringify(reached)));
    void this.#flush();
  }

  /** Tries once more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#retry);
    if (this.#waiting.size > 0) await this.#flush();
  }

  async #storeAll(): Promise<void> {
    const { journal, gauge, log } = this.#dependencies;
    gauge.set(this.#waiting.size);
    for (const [id, reached] of [...this.#waiting]) {
      try {
        await this.#store(reached);
      } catch (error) {
        log.warn({ err: error, waiting: this.#waiting.size }, 'verdicts could not be stored yet');
        this.#tryLater();
        if (isStoreFailure(error)) return;
        // One that cannot be stored must not keep the others out.
        continue;
      }
      this.#waiting.delete(id);
      journal.forget(KIND, id);
      gauge.set(this.#waiting.size);
    }
  }

  #tryLater(): void {
    if (this.#isClosed) return;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => void this.#flush(), RETRY_MS).unref();
  }

  async #store({ place, document }: Reached): Promise<void> {
    const { id, atMs, safeguard, flag } = document;
    const { environmentId: environment_id, project, environment } = place;
    const actor = { kind: 'safeguard' as const, id: safeguard.id, name: safeguard.name };
    await this.#dependencies.changes.commit({ actor, ...ALL_POWERS }, async (draft) => {
      // What is gone has no verdicts. Servers that store the same at once wait for each other here.
      if ((await lockEnvironment(draft.tx, environment_id)) === undefined) return;
      if (!(await noteFailure(draft.tx, { id: safeguard.id, flag, atMs, sameMs: SAME_MS }))) return;
      const hash = hashOf(document);
      await insertVerdict(draft.tx, {
        ...{ id, environment_id, safeguard_id: safeguard.id, flag, at: atMs },
        ...{ document: JSON.stringify(document), hash },
      });
      const { variant, action, mode, summary, finding } = document;
      await draft.audit({
        ...{ action: 'safeguard.failed', project, environment, target: targetOf(safeguard.id) },
        after: { verdict: id, hash, flag, variant, action, mode, summary, logE: finding.logE ?? null },
      });
    });
  }
}
