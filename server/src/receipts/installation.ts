import { type Page, toPage } from '../http/page.ts';
import type { LiveRuleset } from '../rulesets/live-ruleset.ts';
import { type InstanceGroup, type PlacedPart, takeCensus } from './census.ts';
import { count, newestMarks, type Summary } from './count.ts';
import { hashOfId } from './instance.ts';
import {
  comparePositions,
  type InstanceView,
  isListed,
  type ListedInstance,
  type ListRequest,
  listInstances,
  positionOf,
} from './list.ts';
import { MARK, type Part, takePart, withoutAnswers, withoutContact } from './part.ts';
import { readPeerAnswer } from './peer-answer.ts';
import { toQuery } from './peer-question.ts';
import type { PeerName, Peers } from './peers.ts';
import { type Question, textOf } from './question.ts';
import type { Receipts } from './receipts.ts';

/** A summary of all servers, and those that did not answer. */
export type Answer = Summary & { readonly incomplete: readonly string[] };

/** What another server said last. */
interface Contact {
  readonly peer: PeerName;
  /** Undefined when it never answered. */
  readonly part: Part | undefined;
  /** What it was asked. */
  readonly question: string;
  /** When it answered last, by `performance.now()`. */
  readonly heardTickMs: number;
  /** It did not answer the last time, or is not in the register any more. */
  readonly isSilent: boolean;
  /** It is in the register, so it should have answered. */
  readonly isExpected: boolean;
  readonly instances: readonly ListedInstance[];
}

/** By the servers' ids. */
type Contacts = ReadonlyMap<string, Contact>;
const NO_CONTACTS: Contacts = new Map();

export interface InstallationOptions {
  readonly receipts: Receipts;
  readonly peers: Peers;
  /** Instances of a server that went silent count as unknown for this long, in milliseconds. */
  readonly unknownForMs: number;
}

/** The instances of all servers together. Nothing is asked of other servers unless someone wants to know. */
export class Installation {
  readonly #options: InstallationOptions;
  /** What other servers said last of each environment. */
  readonly #contacts = new Map<string, Contacts>();
  /** The last live answers: many may watch, and most of the time nothing changes. */
  readonly #known = new WeakMap<LiveRuleset, { version: number; contacts: Contacts; answer: Answer }>();

  constructor(options: InstallationOptions) {
    this.#options = options;
  }

  /** What the live view asks: who has the current revision, and who answers by the latest kill. */
  liveQuestion(ruleset: LiveRuleset): Question {
    const { incarnation, number } = ruleset.revision;
    return { incarnation, number, kill: this.#options.receipts.rollOf(ruleset).kills.latest()?.kill ?? null };
  }

  /** Asks the other servers. Takes as long as the slowest, up to their timeout. */
  async ask(ruleset: LiveRuleset, question: Question): Promise<Answer> {
    return this.#answer(ruleset, question, await this.#contact(ruleset, question));
  }

  /** Asks the other servers, for `known`. */
  async refresh(ruleset: LiveRuleset): Promise<void> {
    await this.#contact(ruleset, this.liveQuestion(ruleset));
  }

  /** What is known without asking: this server now, the others as of the last time that they were asked. */
  known(ruleset: LiveRuleset): Answer {
    const { version } = this.#options.receipts.rollOf(ruleset);
    const contacts = this.#contacts.get(ruleset.environmentId) ?? NO_CONTACTS;
    const before = this.#known.get(ruleset);
    if (before?.version === version && before.contacts === contacts) return before.answer;
    const answer = this.#answer(ruleset, this.liveQuestion(ruleset), contacts);
    this.#known.set(ruleset, { version, contacts, answer });
    return answer;
  }

  /** A page of a list. It may be shorter than asked for and still not be the last. */
  async list(ruleset: LiveRuleset, request: ListRequest, onServer?: string): Promise<Page<InstanceView>> {
    const { list, limit } = request;
    const question = this.liveQuestion(ruleset);
    const oneMore = { ...request, limit: limit + 1 };
    const contacts = await this.#contact(ruleset, question, { list: oneMore });
    const listed = listInstances(this.#options.receipts.rollOf(ruleset), oneMore, Date.now());
    const own = { peer: this.#options.peers.self, instances: listed };
    const marks = newestMarks(this.#parts(ruleset, question, contacts).map(({ part }) => part));
    const all = [...contacts.values(), own].flatMap(({ peer, instances }) =>
      instances.map((listed) => {
        const instance = { ...listed, server: peer.url || null };
        const isShown =
          isNewest(listed, marks) &&
          isListed(listed, request) &&
          (onServer === undefined || onServer === (instance.server ?? ''));
        return { instance, position: positionOf(list, listed), isShown };
      }),
    );
    // Of several at one position the next page would show none, so the one that is shown comes first.
    all.sort((a, b) => comparePositions(a.position, b.position) || Number(b.isShown) - Number(a.isShown));
    const page = toPage(all.slice(0, limit + 1), limit, ({ position }) => position);
    return { ...page, items: page.items.filter(({ isShown }) => isShown).map(({ instance }) => instance) };
  }

  /** Counts the instances of all servers by what they are. */
  async census(ruleset: LiveRuleset): Promise<{ groups: InstanceGroup[]; incomplete: string[] }> {
    const question = this.liveQuestion(ruleset);
    const contacts = await this.#contact(ruleset, question, { kinds: true });
    return {
      groups: takeCensus(this.#parts(ruleset, question, contacts, true)),
      incomplete: silentOf(contacts),
    };
  }

  #answer(ruleset: LiveRuleset, question: Question, contacts: Contacts): Answer {
    const parts = this.#parts(ruleset, question, contacts).map(({ part }) => part);
    return { ...count(parts), incomplete: silentOf(contacts) };
  }

  #parts(ruleset: LiveRuleset, question: Question, contacts: Contacts, withKinds = false): PlacedPart[] {
    const { receipts, peers } = this.#options;
    const asked = textOf(question);
    const others = [...contacts.values()].flatMap(({ peer, part: said, isSilent, question }) => {
      if (said === undefined) return [];
      const heard = question === asked ? said : withoutAnswers(said);
      return { part: isSilent ? withoutContact(said) : heard, server: peer.url };
    });
    return [
      { part: takePart(receipts.rollOf(ruleset), question, withKinds), server: peers.self.url || null },
      ...others,
    ];
  }

  async #contact(
    ruleset: LiveRuleset,
    question: Question,
    { list = null, kinds = false }: { readonly list?: ListRequest | null; readonly kinds?: boolean } = {},
  ): Promise<Contacts> {
    const { peers, unknownForMs } = this.#options;
    const { environmentId } = ruleset;
    const before = this.#contacts.get(environmentId) ?? NO_CONTACTS;
    if (peers.peers().length === 0 && before.size === 0) return before;
    const asked = textOf(question);
    const isLive = asked === textOf(this.liveQuestion(ruleset));
    const answers = await peers.get(`/receipts/${environmentId}?${toQuery({ question, list, kinds })}`);
    const nowTickMs = performance.now();
    const contacts = new Map<string, Contact>();
    for (const [id, contact] of before) {
      if (nowTickMs - contact.heardTickMs > unknownForMs) continue;
      contacts.set(id, { ...contact, isSilent: true, isExpected: false, instances: [] });
    }
    for (const { peer, body } of answers) {
      const { part, heardTickMs } = contacts.get(peer.id) ?? { part: undefined, heardTickMs: nowTickMs };
      const silent = { part, heardTickMs, isSilent: true, instances: [] };
      const answer = readPeerAnswer(body);
      const said = answer === undefined ? silent : { ...answer, heardTickMs: nowTickMs, isSilent: false };
      contacts.set(peer.id, { peer, question: asked, isExpected: true, ...said });
    }
    if (isLive) this.#contacts.set(environmentId, contacts);
    return contacts;
  }
}

/** Addresses of the servers that should have answered and did not. */
function silentOf(contacts: Contacts): string[] {
  const silent = [...contacts.values()].filter(({ isSilent, isExpected }) => isSilent && isExpected);
  return silent.map(({ peer }) => peer.url).sort();
}

/** What is shown of an instance that several servers know is what the one says that it connected to last. */
function isNewest({ id, connectedAt, state }: ListedInstance, marks: ReadonlyMap<number, number>): boolean {
  const mark = marks.get(hashOfId(id));
  if (mark === undefined) return true;
  const isConnected = ((mark % MARK.factor) & MARK.connected) !== 0;
  return Math.floor(mark / MARK.factor) === Date.parse(connectedAt) && isConnected === (state !== 'unknown');
}
