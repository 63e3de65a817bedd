import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { decodeServerMessage } from '@bunting/core';
import fc from 'fast-check';
import type { Caller } from './callers.ts';
import { type Conversation, conversationsOf } from './conversations.ts';
import { type Finding, tell } from './finding.ts';
import { RawSocket } from './web-socket.ts';

export interface StreamStormOptions {
  readonly url: string;
  /** Whose keys open the stream, or do not. */
  readonly callers: readonly Caller[];
  readonly mark: string;
  readonly seed: number;
  readonly lanes: number;
}

/** How long a connection is listened to after its last step, unless the server ends it sooner, in milliseconds. */
const LISTEN_MS = 40;
/** WebSocket's own code for a failure of the server. */
const INTERNAL_ERROR = 1011;

/** Talks to the stream as SDKs, pages and relays do, and as none of them ever would. */
export class StreamStorm {
  readonly findings: Finding[] = [];
  /** By what the server closed with: 0 where it did not. */
  readonly closes = new Map<number, number>();
  /** Messages, frames and floods of them that were sent. */
  sent = 0;
  conversations = 0;
  readonly #options: StreamStormOptions;
  readonly #url: URL;
  readonly #known = new Set<string>();

  constructor(options: StreamStormOptions) {
    this.#options = options;
    this.#url = new URL(options.url);
  }

  /** @param count of messages, at least: conversations are ended well */
  async run(count: number): Promise<void> {
    const { callers, lanes, seed } = this.#options;
    const conversations = conversationsOf(callers);
    const begun = this.sent;
    const lane = async (number: number) => {
      for (let run = 0; this.sent < begun + count; run++) {
        const property = fc.asyncProperty(conversations, async (conversation) => {
          const problem = await this.#hold(conversation);
          if (problem !== undefined && !this.#known.has(problem)) throw new Error(problem);
        });
        const runSeed = seed * 1_000 + number * 100_003 + begun + run;
        const outcome = await fc.check(property, {
          seed: runSeed,
          numRuns: Math.min(20, Math.ceil(count / 20)),
          interruptAfterTimeLimit: 15_000,
        });
        const conversation = outcome.counterexample?.[0];
        if (!outcome.failed || conversation === undefined) continue;
        const problem = outcome.errorInstance instanceof Error ? outcome.errorInstance.message : 'failed';
        if (this.#known.has(problem)) continue;
        this.#known.add(problem);
        const { caller, path, steps } = conversation;
        const operation = `WebSocket ${path}`;
        const repeat = steps.map(({ name }) => name).join('; ');
        const finding = { operation, caller: caller.name, problem, repeat, seed: runSeed };
        tell(finding);
        this.findings.push(finding);
      }
    };
    await Promise.all(Array.from({ length: lanes }, (_, number) => lane(number)));
  }

  /** In one line. */
  summary(): string {
    const closes = [...this.closes].sort(([a], [b]) => a - b).map(([code, count]) => `${code}: ${count}`);
    return `${this.sent} messages in ${this.conversations} conversations, closed by ${closes.join(', ')}`;
  }

  async #hold({ caller, path, subprotocol, steps, isReset }: Conversation): Promise<string | undefined> {
    this.conversations++;
    const socket = new RawSocket(this.#url, path, subprotocol);
    try {
      await Promise.race([socket.opened, sleep(5_000)]);
      const key = caller.headers.authorization?.slice('Bearer '.length) ?? '';
      for (const step of steps) {
        if (socket.isOver) break;
        step.do(socket, key);
        this.sent++;
        // Let it be read, so that the next step finds what came of it.
        await sleep(1);
      }
      socket.resume();
      for (let waited = 0; waited < LISTEN_MS && !socket.isOver && socket.closeCode === undefined; waited += 5)
        await sleep(5);
      const code = socket.closeCode ?? 0;
      this.closes.set(code, (this.closes.get(code) ?? 0) + 1);
      return this.#judge(caller, socket);
    } finally {
      if (isReset) socket.reset();
      else socket.close();
    }
  }

  #judge({ maySeeMarks }: Caller, { texts, packed, closeCode, refusal }: RawSocket): string | undefined {
    if (closeCode === INTERNAL_ERROR) return `the server failed: ${texts.at(-1)}`;
    const frames = [...texts, ...packed.map((bytes) => gunzipSync(bytes).toString())];
    const seen = [refusal, ...frames].find((text) => text.includes(this.#options.mark));
    if (seen !== undefined && !maySeeMarks) return `shows what is the other project's: ${seen.slice(0, 60)}`;
    if (refusal !== '' && !/"code":"\w+".*"requestId":"/.test(refusal))
      return `is refused without words: ${refusal.slice(0, 300)}`;
    for (const frame of frames) {
      const decoded = decodeServerMessage(frame);
      if (!decoded.ok) return `sends what an SDK cannot read: ${decoded.error}: ${frame.slice(0, 300)}`;
    }
    return undefined;
  }
}
