/** Some proxies hold back the beginning of a response until they have this much of it. */
export const PADDING = `:${' '.repeat(2048)}\n\n`;

/**
 * A message's text as one server-sent event: a `data:` line for each of its lines. A carriage return would end a line,
 * too; in JSON it can only be white space.
 */
export function toEvent(text: string, id?: string): Buffer {
  const data = `data: ${text.replaceAll('\r', ' ').replaceAll('\n', '\ndata: ')}\n\n`;
  return Buffer.from(id === undefined ? data : `id: ${id}\n${data}`);
}
