import { access, constants, mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Json } from '@bunting/core';
import type { FastifyBaseLogger } from 'fastify';
import { newId } from '../store/new-id.ts';
import { type Entry, readLines, toLine } from './lines.ts';

/** Bytes of one kind's entries at most, so that a flood of one keeps no other out. */
const MAX_BYTES_A_KIND = 32 * 1024 * 1024;

/** In one file, in bytes, unless the first entry alone is larger. */
const MAX_BYTES_A_FILE = 1024 * 1024;

const SUFFIX = '.jsonl';

/** One write: it goes when none of its entries is needed any more. */
interface Segment {
  readonly path: string;
  readonly entries: Set<KeptEntry>;
}

interface KeptEntry extends Entry {
  /** As it is in the file. */
  readonly line: string;
  /** Undefined until it is on the disk. */
  segment?: Segment;
  /** What it takes the place of, which stays on the disk until this one is there. */
  former?: KeptEntry | undefined;
}

interface Waiting {
  readonly entry: KeptEntry;
  readonly answer: (isKept: boolean) => void;
}

/**
 * What must outlive the process and has not reached the database, on the local disk. Each write is a file of its own, with
 * all that came while the one before was written; files are never changed, only removed once nothing in them is needed. So
 * nothing is lost by a compaction that is cut off, and servers may share a folder: each reads what all have left. Who takes
 * an entry up must therefore bear that another server does, too, and that one comes again that was forgotten just before
 * a power cut.
 */
export class Journal {
  readonly #folder: string;
  readonly #log: FastifyBaseLogger;
  readonly #maxBytesAKind: number;
  readonly #entries = new Map<string, KeptEntry>();
  readonly #bytesByKind = new Map<string, number>();
  readonly #waiting: Waiting[] = [];
  readonly #removals = new Set<Promise<void>>();
  #writing: Promise<void> | undefined;
  #isFailing = false;

  private constructor(folder: string, log: FastifyBaseLogger, maxBytesAKind: number) {
    this.#folder = folder;
    this.#log = log;
    this.#maxBytesAKind = maxBytesAKind;
  }

  /** Reads what is there; the folder is made. Never rejects: without a disk nothing is kept, and the log says so. */
  static async open(folder: string, log: FastifyBaseLogger, maxBytesAKind = MAX_BYTES_A_KIND): Promise<Journal> {
    const journal = new Journal(folder, log, maxBytesAKind);
    await journal.#read();
    return journal;
  }

  /** False when the last attempt to write failed: what is to be kept now may not be. */
  get isWorking(): boolean {
    return !this.#isFailing;
  }

  /** How many entries of each kind there are. */
  counts(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const { kind } of this.#entries.values()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    return counts;
  }

  /** Whether the disk has it. */
  has(kind: string, id: string): boolean {
    return this.#entries.get(nameOf(kind, id))?.segment !== undefined;
  }

  /** The entries of a kind, oldest first. */
  entries(kind: string): Entry[] {
    return [...this.#entries.values()].filter((entry) => entry.kind === kind);
  }

  /**
   * Keeps a document until it is forgotten, in place of an earlier one of the same kind and id. Never rejects. As slow as
   * the disk: who cannot wait for a disk that hangs must not.
   * @returns whether the disk has it; false when it cannot be written or there is no room
   */
  keep(kind: string, id: string, document: Json): Promise<boolean> {
    const line = toLine({ kind, id, document });
    const bytes = (this.#bytesByKind.get(kind) ?? 0) + Buffer.byteLength(line);
    if (bytes > this.#maxBytesAKind) {
      this.#fail(new Error(`there are ${this.#maxBytesAKind} bytes of ${kind} already`));
      return Promise.resolve(false);
    }
    const former = this.#entries.get(nameOf(kind, id));
    const entry: KeptEntry = { kind, id, document, line, former };
    this.#add(entry);
    return new Promise((answer) => {
      this.#waiting.push({ entry, answer });
      this.#writing ??= this.#writeAll();
    });
  }

  /** It is not needed any more. One that is not there is no error. */
  forget(kind: string, id: string): void {
    const entry = this.#entries.get(nameOf(kind, id));
    if (entry !== undefined) this.#drop(entry);
  }

  /** Waits for what is being written and removed. */
  async close(): Promise<void> {
    await this.#writing;
    await Promise.all(this.#removals);
  }

  async #read(): Promise<void> {
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      const names = (await readdir(this.#folder)).filter((name) => name.endsWith(SUFFIX)).sort();
      for (const name of names) await this.#readSegment(join(this.#folder, name));
      // Better said now than when something is to be kept. A full disk shows only then.
      await access(this.#folder, constants.W_OK);
    } catch (error) {
      this.#fail(error);
    }
  }

  async #readSegment(path: string): Promise<void> {
    const segment: Segment = { path, entries: new Set() };
    const text = await readFile(path, 'utf8').catch((error) => {
      this.#log.error({ err: error, path }, 'a file of the journal cannot be read');
      return undefined;
    });
    if (text === undefined) return;
    for (const { kind, id, document } of readLines(text)) {
      this.forget(kind, id);
      const entry: KeptEntry = { kind, id, document, line: toLine({ kind, id, document }), segment };
      segment.entries.add(entry);
      this.#add(entry);
    }
    if (segment.entries.size === 0) this.#log.warn({ path }, 'a file of the journal holds nothing that can be read');
  }

  async #writeAll(): Promise<void> {
    // What is asked for at the same moment goes together.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#nextBatch();
      const isKept = await this.#write(batch.map(({ entry }) => entry));
      for (const { answer } of batch) answer(isKept);
    }
    this.#writing = undefined;
  }

  #nextBatch(): Waiting[] {
    let [count, bytes] = [0, 0];
    for (const { entry } of this.#waiting) {
      bytes += Buffer.byteLength(entry.line);
      if (count > 0 && bytes > MAX_BYTES_A_FILE) break;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  async #write(entries: readonly KeptEntry[]): Promise<boolean> {
    const path = join(this.#folder, `${newId()}${SUFFIX}`);
    try {
      await writeThrough(this.#folder, path, entries.map(({ line }) => line).join(''));
    } catch (error) {
      this.#fail(error);
      this.#remove(path);
      for (const entry of entries) this.#giveUp(entry);
      return false;
    }
    if (this.#isFailing) this.#log.info('the journal can be written again');
    this.#isFailing = false;
    // Some may have been forgotten meanwhile.
    const segment: Segment = { path, entries: new Set(entries.filter((entry) => this.#isCurrent(entry))) };
    for (const entry of segment.entries) {
      entry.segment = segment;
      this.#release(entry);
    }
    if (segment.entries.size === 0) this.#remove(path);
    return true;
  }

  #add(entry: KeptEntry): void {
    this.#entries.set(nameOf(entry.kind, entry.id), entry);
    this.#count(entry.kind, Buffer.byteLength(entry.line));
  }

  #drop(entry: KeptEntry): void {
    if (!this.#isCurrent(entry)) return;
    this.#entries.delete(nameOf(entry.kind, entry.id));
    this.#leave(entry);
    this.#release(entry);
  }

  /** It could not be written: what the disk has of before stands. */
  #giveUp(entry: KeptEntry): void {
    if (!this.#isCurrent(entry)) return;
    let { former } = entry;
    for (; former !== undefined && former.segment === undefined; former = former.former) this.#leave(former);
    entry.former = undefined;
    this.#drop(entry);
    if (former !== undefined) this.#entries.set(nameOf(former.kind, former.id), former);
  }

  /** What it replaced is not needed any more. */
  #release(entry: KeptEntry): void {
    for (let old = entry.former; old !== undefined; old = old.former) this.#leave(old);
    entry.former = undefined;
  }

  #leave(entry: KeptEntry): void {
    this.#count(entry.kind, -Buffer.byteLength(entry.line));
    const { segment } = entry;
    if (segment?.entries.delete(entry) && segment.entries.size === 0) this.#remove(segment.path);
  }

  #isCurrent(entry: KeptEntry): boolean {
    return this.#entries.get(nameOf(entry.kind, entry.id)) === entry;
  }

  #count(kind: string, bytes: number): void {
    this.#bytesByKind.set(kind, (this.#bytesByKind.get(kind) ?? 0) + bytes);
  }

  /** What cannot be removed comes again at the next start. */
  #remove(path: string): void {
    const removal = rm(path, { force: true }).catch((error) =>
      this.#log.warn({ err: error }, 'a file of the journal could not be removed'),
    );
    this.#removals.add(removal);
    void removal.then(() => this.#removals.delete(removal));
  }

  #fail(error: unknown): void {
    if (this.#isFailing) return;
    this.#isFailing = true;
    const folder = this.#folder;
    this.#log.error(
      { err: error, folder },
      'the journal cannot be written: what the database lacks ends with the servers',
    );
  }
}

/** Resolves when the disk has the new file and its name. */
async function writeThrough(folder: string, path: string, text: string): Promise<void> {
  const directory = await openFolder(folder);
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await Promise.all([file.datasync(), directory.sync()]);
    } finally {
      // Nobody waits for that.
      void file.close().catch(() => {});
    }
  } finally {
    void directory.close().catch(() => {});
  }
}

/** Made anew when someone has removed it. */
async function openFolder(folder: string) {
  try {
    return await open(folder, 'r');
  } catch {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return open(folder, 'r');
  }
}

function nameOf(kind: string, id: string): string {
  return `${kind} ${id}`;
}
