import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Vault } from '../vault/vault.ts';
import type { Checks } from './oidc.ts';

/** How long someone may take at the provider. */
const LIFETIME_MS = 10 * 60 * 1000;

const NAME = 'bunting_sign_in';
const PURPOSE = 'sign-in-flow';

/** A sign-in that is under way. */
export interface Flow extends Checks {
  readonly provider: string;
  /** Where to go afterwards: a path of the admin UI. */
  readonly next: string;
  readonly untilMs: number;
}

/**
 * The flow travels in the browser, sealed: so that any server can finish it, and in no other browser than the one that began
 * it. Not `Strict`: the provider's page leads back here.
 */
export class FlowCookie {
  readonly #vault: Vault;
  readonly #now: () => number;

  constructor(vault: Vault, now: () => number) {
    this.#vault = vault;
    this.#now = now;
  }

  /** @throws {ApiError} `vault_locked` */
  set(request: FastifyRequest, reply: FastifyReply, flow: Omit<Flow, 'untilMs'>): void {
    const sealed = this.#vault.seal(PURPOSE, JSON.stringify({ ...flow, untilMs: this.#now() + LIFETIME_MS }));
    reply.setCookie(nameFor(request), sealed, { ...attributes(request), maxAge: LIFETIME_MS / 1000 });
  }

  /** Takes it from the browser: it is good for one try. */
  take(request: FastifyRequest, reply: FastifyReply): Flow | undefined {
    const sealed = request.cookies[nameFor(request)];
    if (sealed === undefined) return undefined;
    reply.clearCookie(nameFor(request), attributes(request));
    try {
      const flow = JSON.parse(this.#vault.open(PURPOSE, sealed)) as Flow;
      return flow.untilMs > this.#now() ? flow : undefined;
    } catch {
      // Not of ours, or of a data key that is gone.
      return undefined;
    }
  }
}

function nameFor(request: FastifyRequest): string {
  return request.protocol === 'https' ? `__Host-${NAME}` : NAME;
}

function attributes({ protocol }: FastifyRequest) {
  return { path: '/', httpOnly: true, sameSite: 'lax', secure: protocol === 'https' } as const;
}
