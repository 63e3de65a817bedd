import type { OpenSocket, SocketLike } from '../socket.ts';
import { WholeValues } from './whole-values.ts';

/** What tabs say to each other. */
type Word =
  /** Someone new is here, and has nothing yet. */
  | { readonly type: 'join'; readonly from: string }
  /** What the server said; `to` one tab, or all. */
  | { readonly type: 'frame'; readonly frame: string; readonly to?: string }
  /** What a tab wants the server to know. */
  | { readonly type: 'tell'; readonly text: string };

const CONNECTING = 0;
const OPEN = 1;
const CLOSED = 3;

/**
 * A socket for one of many tabs. The tab that holds the lock has the real one, and tells the others all that comes over
 * it; they wait for the lock. A tab that closes, crashes or falls asleep loses the lock, and the next one connects.
 */
export class SharedSocket implements SocketLike {
  readyState = CONNECTING;
  onopen: SocketLike['onopen'] = null;
  onmessage: SocketLike['onmessage'] = null;
  onclose: SocketLike['onclose'] = null;
  readonly #url: string;
  readonly #subprotocol: string;
  readonly #openSocket: OpenSocket;
  readonly #id = String(Math.random());
  readonly #waiting = new AbortController();
  readonly #whole = new WholeValues();
  #channel: BroadcastChannel | undefined;
  #socket: SocketLike | undefined;
  #unlock = () => {};
  /** Differences mean nothing before the whole has come. */
  #hasWhole = false;

  constructor(url: string, subprotocol: string, openSocket: OpenSocket) {
    this.#url = url;
    this.#subprotocol = subprotocol;
    this.#openSocket = openSocket;
    queueMicrotask(() => {
      if (this.readyState !== CONNECTING) return;
      this.readyState = OPEN;
      this.onopen?.({} as never);
    });
  }

  send(text: string): void {
    const { type, key, context, contextHash } = JSON.parse(text);
    if (type === 'hello') this.#join(JSON.stringify(['bunting', this.#url, key, context, contextHash]), text);
    else if (this.#socket !== undefined) this.#sendReal(text);
    // Receipts and heartbeats are those of the tab that has the connection.
    else if (type === 'telemetry') this.#say({ type: 'tell', text });
  }

  close(): void {
    this.readyState = CLOSED;
    this.#waiting.abort();
    this.#channel?.close();
    this.#socket?.close();
    this.#unlock();
  }

  #join(name: string, hello: string): void {
    this.#channel = new BroadcastChannel(name);
    this.#channel.onmessage = ({ data }: MessageEvent<Word>) => this.#hear(data);
    this.#say({ type: 'join', from: this.#id });
    navigator.locks
      .request(name, { signal: this.#waiting.signal }, () => {
        if (this.readyState !== OPEN) return undefined;
        this.#connect(hello);
        return new Promise<void>((resolve) => {
          this.#unlock = resolve;
        });
      })
      // Aborted: this tab does not want it any more.
      .catch(() => {});
  }

  #connect(hello: string): void {
    const socket = this.#openSocket(this.#url, this.#subprotocol);
    this.#socket = socket;
    socket.onopen = () => socket.send(hello);
    socket.onmessage = ({ data }: { readonly data: string }) => {
      if (this.readyState !== OPEN) return;
      this.#whole.add(data);
      this.#say({ type: 'frame', frame: data });
      this.onmessage?.({ data } as never);
    };
    socket.onclose = ({ code, reason }: { readonly code: number; readonly reason: string }) => {
      if (this.readyState !== OPEN) return;
      this.close();
      this.onclose?.({ code, reason } as never);
    };
  }

  #hear(word: Word): void {
    if (this.readyState !== OPEN) return;
    if (this.#socket !== undefined) {
      const { frame } = this.#whole;
      if (word.type === 'join' && frame !== undefined) this.#say({ type: 'frame', frame, to: word.from });
      if (word.type === 'tell') this.#sendReal(word.text);
    } else if (word.type === 'frame' && (word.to === undefined || word.to === this.#id)) {
      this.#hasWhole ||= isWhole(word.frame);
      if (this.#hasWhole) this.onmessage?.({ data: word.frame } as never);
    }
  }

  #say(word: Word): void {
    this.#channel?.postMessage(word);
  }

  #sendReal(text: string): void {
    if (this.#socket?.readyState === OPEN) this.#socket.send(text);
  }
}

/** What the server, or who claims to be it, said: that it is JSON is for the page's link to judge. */
function isWhole(frame: string): boolean {
  try {
    return JSON.parse(frame)?.whole === true;
  } catch {
    return false;
  }
}
