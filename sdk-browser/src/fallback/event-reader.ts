/** Reads server-sent events: takes a response's text in pieces and returns the data of what is complete. */
export class EventReader {
  #rest = '';

  read(text: string): string[] {
    const events = (this.#rest + text).split('\n\n');
    this.#rest = events.pop() ?? '';
    return events.flatMap((event) => {
      const lines = event.split('\n').filter((line) => line.startsWith('data: '));
      return lines.length === 0 ? [] : [lines.map((line) => line.slice('data: '.length)).join('\n')];
    });
  }
}
