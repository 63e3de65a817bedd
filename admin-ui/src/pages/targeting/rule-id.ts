/** An id for a new rule: 60 random bits. `randomUUID` is not there for pages without https. */
export function newRuleId(): string {
  const [a = 0, b = 0] = crypto.getRandomValues(new Uint32Array(2));
  return `rule-${(a * 2 ** 20 + (b >>> 12)).toString(36)}`;
}
