import type { Database } from '../store/tables.ts';
import { GENESIS } from './chain.ts';
import { type Checkpoint, hashCheckpoint, isSigned, readCheckpoint } from './checkpoint.ts';
import { findCheckpoints } from './checkpoint-repository.ts';
import { type VerifiedChain, verifyChains } from './verify.ts';

/** Up to where a chain is as it was when a checkpoint was signed. */
interface Anchor {
  readonly seq: number;
  readonly checkpoint: number;
  readonly at: string;
}

interface CheckpointProblem {
  readonly checkpoint: number;
  readonly message: string;
}

export interface Verification {
  /** True: nothing was found that is not as it was written. */
  readonly intact: boolean;
  readonly chains: readonly (VerifiedChain & { readonly anchor: Anchor | undefined })[];
  readonly checkpoints: number;
  readonly publicKeys: readonly string[];
  readonly problems: readonly CheckpointProblem[];
  /** What that proves and what it does not, in sentences. */
  readonly findings: readonly string[];
}

const MAX_PROBLEMS = 20;
const BATCH = 500;

/**
 * Recomputes the chains and holds them against the checkpoints: those in the database, and those that were kept elsewhere.
 * @param kept where checkpoints of elsewhere come from, and what to call it
 */
export async function verifyAudit(
  database: Database,
  kept?: { readonly name: string; readonly checkpoints: Iterable<string> },
): Promise<Verification> {
  const book = new CheckpointBook();
  for (let after = 0; ; ) {
    const found = await findCheckpoints(database, after, BATCH);
    for (const { number, document } of found) book.take(number, document);
    const last = found.at(-1);
    if (last === undefined) break;
    after = last.number;
  }
  const stored = book.count;
  if (kept !== undefined) book.takeFrom(kept.checkpoints, kept.name);
  const chains = await verifyChains(database, (chain, { seq, hash }) => book.meet(chain, seq, hash));
  book.finish(chains);
  const shown = chains.map((chain) => ({ ...chain, anchor: book.anchorOf(chain) }));
  const { problems } = book;
  const intact = problems.length === 0 && chains.every((chain) => chain.problems.length === 0);
  const findings = describe({ chains: shown, intact, stored, hasKept: kept !== undefined });
  return { intact, chains: shown, checkpoints: stored, publicKeys: [...book.publicKeys], problems, findings };
}

/** What the checkpoints say, and how the events agree. */
class CheckpointBook {
  count = 0;
  readonly publicKeys = new Set<string>();
  readonly problems: CheckpointProblem[] = [];
  readonly #hashes = new Map<number, string>();
  #last: Checkpoint | undefined;
  /** By chain and place: the hash that a checkpoint says, and which; taken out when an event was met there. */
  readonly #expected = new Map<string, { hash: string; anchor: Anchor }>();
  readonly #anchors = new Map<string, Anchor>();

  /** The next one of the database. */
  take(number: number, document: string): void {
    this.count += 1;
    const checkpoint = this.#read(number, document);
    if (checkpoint === undefined) return;
    const previous = this.#last === undefined ? GENESIS : hashCheckpoint(this.#last);
    if (checkpoint.number !== (this.#last?.number ?? 0) + 1) {
      this.#report(number, 'does not follow the one before it: some are missing');
    } else if (checkpoint.previous !== previous) {
      this.#report(number, 'does not follow the one before it: one of them was replaced');
    }
    this.#last = checkpoint;
    this.#hashes.set(checkpoint.number, hashCheckpoint(checkpoint));
    this.publicKeys.add(checkpoint.publicKey);
    this.#expect(checkpoint);
  }

  /** Those of elsewhere, which nobody who wrote into the database could change. */
  takeFrom(lines: Iterable<string>, name: string): void {
    let at = 0;
    for (const line of lines) {
      at += 1;
      if (line.trim() === '') continue;
      const checkpoint = this.#read(at, line, `line ${at} of ${name}`);
      if (checkpoint === undefined) continue;
      const { number } = checkpoint;
      const known = this.#hashes.get(number);
      if (known === undefined)
        this.#report(number, `is in ${name} and not in the database: it was cut off or restored`);
      else if (known !== hashCheckpoint(checkpoint)) this.#report(number, `is another one in ${name}`);
      this.#expect(checkpoint);
    }
  }

  /** An event was seen there. */
  meet(chain: string, seq: number, hash: string): void {
    const name = `${chain} ${seq}`;
    const expected = this.#expected.get(name);
    if (expected === undefined) return;
    this.#expected.delete(name);
    if (expected.hash === hash) this.#anchors.set(chain, expected.anchor);
    else this.#report(expected.anchor.checkpoint, `had another event ${seq} in the chain ${chain}: it was rewritten`);
  }

  /** Says what checkpoints name and nobody has met. */
  finish(chains: readonly VerifiedChain[]): void {
    const lengths = new Map(chains.map(({ chain, end }) => [chain, end.seq]));
    for (const [name, { anchor }] of this.#expected) {
      const chain = name.slice(0, name.lastIndexOf(' '));
      const length = lengths.get(chain) ?? 0;
      this.#report(anchor.checkpoint, `had ${anchor.seq} events in the chain ${chain}; there are ${length} now`);
    }
  }

  /** Undefined while a problem before it says that it proves nothing. */
  anchorOf({ chain, problems }: VerifiedChain): Anchor | undefined {
    const anchor = this.#anchors.get(chain);
    return anchor === undefined || problems.some(({ seq }) => seq <= anchor.seq) ? undefined : anchor;
  }

  #read(number: number, document: string, name = 'it'): Checkpoint | undefined {
    try {
      const checkpoint = readCheckpoint(document);
      if (isSigned(checkpoint)) return checkpoint;
      this.#report(number, `${name} is not what was signed`);
    } catch {
      this.#report(number, `${name} cannot be read`);
    }
    return undefined;
  }

  #expect({ number, at, heads }: Checkpoint): void {
    for (const { chain, seq, hash } of heads) {
      const name = `${chain} ${seq}`;
      const known = this.#expected.get(name);
      if (known === undefined) this.#expected.set(name, { hash, anchor: { seq, checkpoint: number, at } });
      else if (known.hash !== hash) this.#report(number, `says another hash for event ${seq} of the chain ${chain}`);
    }
  }

  #report(checkpoint: number, message: string): void {
    if (this.problems.length < MAX_PROBLEMS) this.problems.push({ checkpoint, message });
  }
}

function describe({
  chains,
  intact,
  stored,
  hasKept,
}: Pick<Verification, 'chains' | 'intact'> & { readonly stored: number; readonly hasKept: boolean }): string[] {
  const findings: string[] = [];
  for (const { chain, end, anchor, problems } of chains) {
    if (problems.length > 0) {
      findings.push(`${chain}: not as it was written from event ${problems[0]?.seq} on.`);
    } else if (anchor === undefined) {
      findings.push(`${chain}: events 1 to ${end.seq} follow one another; no checkpoint anchors them yet.`);
    } else {
      const rest = end.seq - anchor.seq;
      findings.push(
        `${chain}: events 1 to ${anchor.seq} are as they were when checkpoint ${anchor.checkpoint} was signed (${anchor.at})` +
          (rest === 0 ? '.' : `; the last ${rest} follow them and are not anchored yet.`),
      );
    }
  }
  if (!intact) findings.push('Something was changed in the database by other means than this service.');
  if (stored > 0 && !hasKept) {
    findings.push(
      'The checkpoints are those of this database. Whoever can write it and has the master key could replace them all: ' +
        'hold them against a copy that was kept elsewhere (bunting-server verify-audit --checkpoints FILE).',
    );
  }
  return findings;
}
