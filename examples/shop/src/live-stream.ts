import type { ServerResponse } from 'node:http';

const maxViewers = 50;
const intervalMs = 1_000;

/** Server-sent events to whoever watches the visitors page. */
export class LiveStream {
  readonly #viewers = new Set<() => void>();

  /**
   * Sends what `render` gives, at once and then each second when it differs. False when too many watch already: the
   * response is then untouched.
   */
  open(response: ServerResponse, render: () => string): boolean {
    if (this.#viewers.size >= maxViewers) return false;
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    let sent = '';
    const send = () => {
      const text = render();
      // A viewer who does not read gets nothing more until the buffer is empty again.
      if (text === sent || response.writableNeedDrain) return;
      sent = text;
      response.write(`event: live\ndata: ${JSON.stringify(text)}\n\n`);
    };
    const timer = setInterval(send, intervalMs);
    const end = () => {
      clearInterval(timer);
      this.#viewers.delete(end);
      response.end();
    };
    this.#viewers.add(end);
    response.on('close', end);
    send();
    return true;
  }

  closeAll(): void {
    for (const end of [...this.#viewers]) end();
  }
}
