import { baseUrl } from '../base.ts';
import { errorOfAnswer, errorOfSilence } from './api-error.ts';
import { told } from './client.ts';

interface DownloadOptions {
  readonly signal: AbortSignal;
  /** Told of each piece as it comes. */
  readonly onPiece: (piece: Uint8Array<ArrayBuffer>) => void;
}

/** Reads a file of the API whole. @param path `/api/v1/audit/table?…` @throws {ApiError}, or an AbortError when it was stopped */
export async function download(path: string, { signal, onPiece }: DownloadOptions): Promise<Blob> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  const failed = (error: unknown) =>
    error instanceof DOMException && error.name === 'AbortError' ? error : errorOfSilence();
  const answer = await fetch(baseUrl + path, { signal }).catch((error: unknown) => {
    throw failed(error);
  });
  if (!answer.ok) throw told(errorOfAnswer(answer.status, await answer.json().catch(() => undefined)));
  const reader = answer.body?.getReader();
  for (;;) {
    const next = await reader?.read().catch((error: unknown) => {
      throw failed(error);
    });
    if (!next || next.done) break;
    pieces.push(next.value);
    onPiece(next.value);
  }
  return new Blob(pieces, { type: answer.headers.get('content-type') ?? 'application/octet-stream' });
}

/** Hands a file to the browser, which asks where to keep it or keeps it with its other downloads. */
export function saveFile(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
