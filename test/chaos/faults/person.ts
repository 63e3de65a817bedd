import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, Api } from '../../../tools/demo-api.ts';
import type { Ledger } from './ledger.ts';

const AGAIN_MS = 250;

export interface PersonOptions {
  readonly apis: readonly [Api, ...Api[]];
  readonly ledger: Ledger;
  readonly random: () => number;
  /** How long they wait, in parts of what they would: 0 to 1. */
  readonly pace: number;
}

/** Someone who works while all around breaks: what is not answered is asked for again, at the next server. */
export abstract class Person {
  protected readonly ledger: Ledger;
  protected readonly random: () => number;
  protected readonly pace: number;
  readonly #apis: readonly [Api, ...Api[]];
  #turn = 0;
  #isWorking = false;
  #done: Promise<void> = Promise.resolve();

  constructor({ apis, ledger, random, pace }: PersonOptions) {
    this.#apis = apis;
    this.pace = pace;
    this.ledger = ledger;
    this.random = random;
  }

  /** One piece of work, from a state in which nothing is under way to another. */
  protected abstract work(): Promise<void>;

  start(): void {
    this.#isWorking = true;
    this.#done = this.#workOn();
  }

  /** Resolves when the piece of work that is under way is done. */
  async stop(): Promise<void> {
    this.#isWorking = false;
    await this.#done;
  }

  /** What a server that can answers. */
  protected read<Body>(path: string): Promise<Body> {
    return this.#untilAnswered(async () => {
      const answer = await this.ask('GET', path);
      return answer?.status === 200 ? (answer.body as Body) : undefined;
    });
  }

  /** Repeats one request until it was carried out, once, or refused for good. */
  protected async insist(method: string, path: string, body?: object): Promise<Answer> {
    const headers = { 'idempotency-key': randomUUID() };
    return this.#untilAnswered(async () => {
      const answer = await this.ask(method, path, body, headers);
      return answer !== undefined && !isPassing(answer) ? answer : undefined;
    });
  }

  /** Undefined: nobody knows whether it was carried out. */
  protected async ask(
    method: string,
    path: string,
    body?: object,
    headers?: Record<string, string>,
  ): Promise<Answer | undefined> {
    const api = this.#apis[this.#turn++ % this.#apis.length] ?? this.#apis[0];
    const answer = await api.request(method, path, body, headers).catch(() => undefined);
    if (answer !== undefined && answer.status >= 500 && answer.status !== 503) {
      this.ledger.blame(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    }
    return answer;
  }

  /** For a while, at random. */
  protected pause(minMs: number, maxMs: number): Promise<void> {
    return sleep(this.pace * (minMs + this.random() * (maxMs - minMs)));
  }

  async #workOn(): Promise<void> {
    while (this.#isWorking) await this.work();
  }

  async #untilAnswered<T>(attempt: () => Promise<T | undefined>): Promise<T> {
    for (;;) {
      const result = await attempt();
      if (result !== undefined) return result;
      await sleep(AGAIN_MS);
    }
  }
}

/** It was carried out, and what was answered is lost. */
export function isAnswerLost({ body }: Answer): boolean {
  return ((body ?? {}) as { code?: string }).code === 'idempotency_answer_lost';
}

/** It could not be carried out now, or is being carried out. */
function isPassing({ status, body }: Answer): boolean {
  const { code } = (body ?? {}) as { code?: string };
  return status >= 500 || status === 429 || code === 'idempotency_in_progress' || code === 'conflict';
}
