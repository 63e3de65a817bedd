import { randomUUID } from 'node:crypto';
import { type ClientMessage, decodeServerMessage, type HelloMessage } from '@bunting/core';
import type { HttpClient } from './http-client.ts';
import { lossOf } from './http-client.ts';
import { type Fault, FINISH_TIMEOUT_MS, type Information } from './transport.ts';

/** With this much unsent nothing more is taken; one report stays below the server's bound of 1 MiB. */
const MAX_UNSENT_BYTES = 768 * 1024;
const MAX_MESSAGES = 900;

interface Letter {
  readonly json: string;
  readonly bytes: number;
  /** What only the latest of counts; undefined: each counts. */
  readonly subject: string | undefined;
  /** The server knows it again. What else comes twice is counted twice. */
  readonly isRepeatable: boolean;
}

/**
 * Tells the server by POST what a WebSocket would have carried. What is said at once travels together, one report at a
 * time. What was in a report that fails goes with the next one, but for counts that may have arrived.
 */
export class Reporter {
  /** Names this connection to the server. */
  readonly connection: string = randomUUID();
  readonly #http: Pick<HttpClient, 'call'>;
  readonly #introduction: Pick<HelloMessage, 'sdk' | 'instance' | 'deploy'>;
  readonly #intervalMs: number;
  readonly #inform: (message: Information) => void;
  #unsent: Letter[] = [];
  #unsentBytes = 0;
  /** The latest receipt and kill receipts: a server that has not heard of this connection must have them. */
  readonly #latest = new Map<string, Letter>();
  #hasReported = false;
  #sending: Promise<void> | undefined;
  #isScheduled = false;
  #isFinished = false;

  /** @param inform is told what the server takes and wants, as of each answer */
  constructor(
    http: Pick<HttpClient, 'call'>,
    { sdk, instance, deploy }: HelloMessage,
    intervalMs: number,
    inform: (message: Information) => void,
  ) {
    this.#http = http;
    this.#introduction = { sdk, instance, ...(deploy !== undefined && { deploy }) };
    this.#intervalMs = intervalMs;
    this.#inform = inform;
  }

  /** False when too much waits already. */
  send(message: ClientMessage): boolean {
    const json = JSON.stringify(message);
    const isRepeatable = message.type !== 'telemetry' && message.type !== 'contexts';
    const letter = { json, bytes: Buffer.byteLength(json), subject: subjectOf(message), isRepeatable };
    if (letter.subject !== undefined) this.#latest.set(letter.subject, letter);
    if (!this.#put(letter)) return false;
    this.#schedule();
    return true;
  }

  /** Reports what is left, and that it ends here. */
  async finish(): Promise<void> {
    this.#isFinished = true;
    // This timer does hold the process, so that `await close()` is never cut short by its exit.
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, FINISH_TIMEOUT_MS);
    });
    const report = async () => {
      await this.#sending;
      await this.#post(true);
    };
    await Promise.race([report(), timeout]);
    clearTimeout(timer);
  }

  #takeAll(): Letter[] {
    const letters = this.#unsent;
    this.#unsent = [];
    this.#unsentBytes = 0;
    return letters;
  }

  /** An earlier one of the same subject need not travel any more. */
  #put(letter: Letter): boolean {
    const outdated = this.#unsent.findIndex(({ subject }) => subject !== undefined && subject === letter.subject);
    if (outdated >= 0) this.#unsentBytes -= this.#unsent.splice(outdated, 1)[0]?.bytes ?? 0;
    if (this.#unsentBytes + letter.bytes > MAX_UNSENT_BYTES || this.#unsent.length >= MAX_MESSAGES) return false;
    this.#unsent.push(letter);
    this.#unsentBytes += letter.bytes;
    return true;
  }

  /** Waits for what else is said in the same turn. */
  #schedule(): void {
    if (this.#isScheduled || this.#isFinished || this.#sending !== undefined) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      if (this.#isFinished) return;
      this.#sending = this.#post(false).then((isTaken) => {
        this.#sending = undefined;
        // After a failure the next message is soon enough.
        if (isTaken && this.#unsent.length > 0) this.#schedule();
      });
    });
  }

  /** @returns whether the server took it */
  async #post(isClosing: boolean): Promise<boolean> {
    const letters = this.#takeAll();
    try {
      const { text } = await this.#http.call({
        method: 'POST',
        path: '/messages',
        body: this.#write(letters, isClosing),
      });
      const answer = JSON.parse(text) as { joined?: unknown; takes?: unknown; settings?: object };
      this.#inform(readInformation('welcome', { takes: answer.takes }) ?? { type: 'welcome', takes: [] });
      const settings = readInformation('settings', answer.settings);
      if (settings !== undefined) this.#inform(settings);
      // A server that has just restarted, or another one: it lacks what was said before.
      const isNews = this.#hasReported && answer.joined === true;
      this.#hasReported = true;
      if (isNews) for (const letter of this.#latest.values()) if (!letters.includes(letter)) this.#put(letter);
      return true;
    } catch (cause) {
      const { fault } = lossOf(cause);
      const later = this.#takeAll();
      for (const letter of letters) if (mayRepeat(letter, fault)) this.#put(letter);
      for (const letter of later) this.#put(letter);
      return false;
    }
  }

  #write(letters: readonly Letter[], isClosing: boolean): string {
    const head = JSON.stringify({
      connection: this.connection,
      introduction: this.#introduction,
      intervalMs: this.#intervalMs,
      ...(isClosing && { isClosing }),
    });
    return `${head.slice(0, -1)},"messages":[${letters.map(({ json }) => json).join(',')}]}`;
  }
}

/** Whether what was in a report that failed goes with the next one: it may have arrived all the same. */
function mayRepeat({ isRepeatable }: Letter, fault: Fault): boolean {
  // What was refused would be refused again.
  return fault === 'unreachable' || (fault === 'broken' && isRepeatable);
}

/** A message as the WebSocket would have carried it; undefined when it is none. */
function readInformation(type: Information['type'], fields: object | undefined): Information | undefined {
  const decoded = decodeServerMessage(JSON.stringify({ ...fields, type }));
  return decoded.ok && (decoded.message.type === 'welcome' || decoded.message.type === 'settings')
    ? decoded.message
    : undefined;
}

function subjectOf(message: ClientMessage): string | undefined {
  if (message.type === 'receipt') return 'receipt';
  return message.type === 'kill-receipt' ? `kill ${message.flag}` : undefined;
}
