/** What it throws becomes a rejection, and any thenable a promise; one that is a promise already costs nothing more. */
export function begin<T>(call: () => T | PromiseLike<T>): Promise<T> {
  try {
    return Promise.resolve(call());
  } catch (cause) {
    return Promise.reject(cause);
  }
}
