import { get, type IncomingHttpHeaders } from 'node:http';
import { onTestFinished } from 'vitest';

interface ToldEvent {
  readonly event: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests read what they expect; a wrong guess fails them
  readonly data: any;
}

/** Follows server-sent events; what was told so far is in `events`. */
export function readEvents(url: string, headers: Record<string, string>) {
  const events: ToldEvent[] = [];
  const ended = new Promise<IncomingHttpHeaders>((resolve) => {
    const request = get(url, { headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        const parts = (text + chunk).split('\n\n');
        text = parts.pop() ?? '';
        for (const part of parts) {
          const [, event = '', data = ''] = /^event: (.*)\ndata: (.*)$/.exec(part) ?? [];
          if (event !== '') events.push({ event, data: JSON.parse(data) });
        }
      });
      response.on('close', () => resolve(response.headers));
    });
    request.on('error', () => {});
    onTestFinished(() => void request.destroy());
  });
  return {
    events,
    /** Resolves with the headers when the stream has ended. */
    ended,
    /** The latest event of this name about an environment. */
    latest: (event: string, environment: string) =>
      events.findLast((told) => told.event === event && told.data.environment === environment)?.data,
  };
}
