/** Whether each word that was typed begins a word of the text; without words everything is found. */
export function isFoundBy(typed: string, text: string): boolean {
  const words = text.toLowerCase().split(/[\s/:._-]+/);
  return typed
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
    .every((word) => words.some((candidate) => candidate.startsWith(word)));
}
