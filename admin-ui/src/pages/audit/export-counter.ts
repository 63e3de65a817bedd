import * as z from 'zod/mini';

export interface ExportProgress {
  readonly bytes: number;
  /** Lines behind the first, that says what the file is. */
  readonly events: number;
  /** Known once the first line has come, of an export of chains. */
  readonly total: number | undefined;
}

const head = z.object({ chains: z.array(z.object({ seq: z.number() })) });
const lineEnd = 0x0a;

/** Counts what an export brings, piece by piece, without keeping it. */
export function exportCounter() {
  let bytes = 0;
  let lines = 0;
  let first = '';
  let total: number | undefined;
  const decoder = new TextDecoder();
  return {
    count(piece: Uint8Array): void {
      if (lines === 0) first += decoder.decode(piece, { stream: true });
      bytes += piece.length;
      for (const byte of piece) if (byte === lineEnd) lines += 1;
      if (lines > 0 && first !== '') {
        total = totalOf(first.slice(0, first.indexOf('\n')));
        first = '';
      }
    },
    progress: (): ExportProgress => ({ bytes, events: Math.max(0, lines - 1), total }),
  };
}

function totalOf(line: string): number | undefined {
  try {
    const { chains } = head.parse(JSON.parse(line));
    return chains.reduce((sum, { seq }) => sum + seq, 0);
  } catch {
    return undefined;
  }
}
