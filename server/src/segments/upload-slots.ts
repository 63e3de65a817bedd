import { ApiError } from '../http/api-error.ts';

/** Files of keys that a server takes at the same time, at most: each takes up to some 200 MB of memory meanwhile. */
const MAX_UPLOADS = 4;

/** Who uploads keys at the moment: one file a segment, a few of all. */
export class UploadSlots {
  readonly #segments = new Set<string>();

  /** @throws {ApiError} `upload_in_progress` or `rate_limited`, before `work` is begun */
  async run<T>(environmentId: string, segment: string, work: () => Promise<T>): Promise<T> {
    const id = `${environmentId} ${segment}`;
    if (this.#segments.has(id)) {
      const message = `Another file of keys of segment "${segment}" is being uploaded. Wait for its end, then look whether yours is still wanted.`;
      throw new ApiError('upload_in_progress', message);
    }
    if (this.#segments.size === MAX_UPLOADS) {
      const message = 'Other files of keys are being uploaded. Send yours again in a few seconds.';
      throw new ApiError('rate_limited', message, undefined, { 'retry-after': '5' });
    }
    this.#segments.add(id);
    try {
      return await work();
    } finally {
      this.#segments.delete(id);
    }
  }
}
