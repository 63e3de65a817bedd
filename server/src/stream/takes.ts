/** Messages from server keys that this version takes and earlier ones did not. */
export const TAKES: readonly string[] = ['measurements'];
