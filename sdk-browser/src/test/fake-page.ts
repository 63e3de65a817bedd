import { onTestFinished, vi } from 'vitest';
import { Client } from '../client.ts';
import { TIMING } from '../link.ts';
import type { EvaluationContext } from '../protocol.ts';
import type { OpenSocket, SocketLike } from '../socket.ts';
import { values } from './page.ts';

/** A socket whose network the test plays. */
export class FakeSocket implements SocketLike {
  readyState = 0;
  onopen: SocketLike['onopen'] = null;
  onmessage: SocketLike['onmessage'] = null;
  onclose: SocketLike['onclose'] = null;
  /** Whom the page said that it is; undefined before its hello. */
  context: EvaluationContext | undefined;
  /** How many of each type it said. */
  readonly said: string[] = [];

  send(text: string): void {
    const { type, context } = JSON.parse(text);
    if (type === 'hello') this.context = context;
    this.said.push(type);
  }

  close(): void {
    this.readyState = 3;
  }

  open(): void {
    if (this.readyState !== 0) return;
    this.readyState = 1;
    this.onopen?.({} as never);
  }

  /** What arrives also when the page has closed its end already. */
  deliver(message: object | string): void {
    const data = typeof message === 'string' ? message : JSON.stringify(message);
    this.onmessage?.({ data } as never);
  }

  end(code: number): void {
    this.readyState = 3;
    this.onclose?.({ code, reason: '' } as never);
  }
}

/** A page with its browser's events, whose sockets and clock are the test's. To be used with fake timers. */
export function startFakePage() {
  const browser = new EventTarget();
  const document = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  vi.stubGlobal('addEventListener', browser.addEventListener.bind(browser));
  vi.stubGlobal('removeEventListener', browser.removeEventListener.bind(browser));
  vi.stubGlobal('document', document);
  const sockets: FakeSocket[] = [];
  const socket: OpenSocket = () => {
    const opened = new FakeSocket();
    sockets.push(opened);
    return opened;
  };
  const context = { targetingKey: 'user-0' };
  const flags = new Client(
    { url: 'https://flags.example.com', clientKey: 'bnt_cli_1', context, cache: false, logger: {}, socket },
    TIMING,
  );
  onTestFinished(() => {
    flags.close();
    vi.unstubAllGlobals();
  });
  return {
    flags,
    sockets,
    /** The sockets that the page has not closed. */
    held: () => sockets.filter(({ readyState }) => readyState < 2),
    setVisible(isVisible: boolean) {
      document.visibilityState = isVisible ? 'visible' : 'hidden';
      document.dispatchEvent(new Event('visibilitychange'));
    },
    tell: (event: 'online' | 'pagehide') => void browser.dispatchEvent(new Event(event)),
    /** What the server evaluates for whoever said hello on this socket. */
    answer(to: FakeSocket) {
      if (to.context !== undefined) to.deliver(values(1, { who: String(to.context.targetingKey) }));
    },
  };
}
