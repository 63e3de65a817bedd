/** Another server that shares the database. */
export interface Peer {
  readonly id: string;
  readonly url: string;
  readonly version: string;
}

/** What a peer answered: a body, or why there is none. */
export interface PeerAnswer<T = unknown> {
  readonly peer: Peer;
  /** As it came: whoever reads it checks it. */
  readonly body?: T;
  readonly error?: string;
}

export interface Question {
  readonly method: 'GET' | 'POST';
  /** Below `/internal/v1`. */
  readonly path: string;
  readonly body?: unknown;
  readonly token: string;
  readonly timeoutMs: number;
}

/** Asks a peer, on a connection that is kept for the next time. Never rejects. */
export async function askPeer<T>(peer: Peer, question: Question): Promise<PeerAnswer<T>> {
  const signal = AbortSignal.timeout(question.timeoutMs);
  try {
    return { peer, body: (await ask(peer, question, signal)) as T };
  } catch (error) {
    // A kept connection may be closed by the peer just as it is used: then a new one serves.
    if (signal.aborted || error instanceof Refusal) return { peer, error: describe(error) };
  }
  try {
    return { peer, body: (await ask(peer, question, signal)) as T };
  } catch (error) {
    return { peer, error: describe(error) };
  }
}

/** The peer answered, but not what was asked for. */
class Refusal extends Error {}

async function ask(peer: Peer, { method, path, body, token }: Question, signal: AbortSignal): Promise<unknown> {
  const response = await fetch(`${peer.url}/internal/v1${path}`, {
    method,
    signal,
    redirect: 'error',
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Refusal(`answered ${response.status}: ${text.slice(0, 200)}`);
  return text === '' ? undefined : JSON.parse(text);
}

/** Of a failed fetch the cause says more than the error. */
function describe(error: unknown): string {
  const { name, message, cause } = error as Error;
  if (name === 'TimeoutError') return 'did not answer in time';
  if (!(cause instanceof Error)) return message;
  return cause.message === '' ? String((cause as NodeJS.ErrnoException).code) : cause.message;
}
