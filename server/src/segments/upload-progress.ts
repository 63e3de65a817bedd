/** What a file of keys is at. Storing begins anew, by comparing, when it collides with another change. */
export interface UploadProgress {
  readonly phase: 'reading' | 'comparing' | 'storing' | 'publishing';
  /** How many keys this phase has done. While pages are stored, about: it counts pages. */
  readonly keys: number;
  /** Of how many; absent while the file is read, when nobody knows. */
  readonly of?: number;
}

/** Hears how far a file of keys is. What it throws ends the upload, and nothing is changed. */
export type TellProgress = (progress: UploadProgress) => void;
