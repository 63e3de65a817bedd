interface TokenForm<Token> {
  /** What was typed as a token, or why it is none. */
  readonly parse: (text: string) => { readonly token: Token } | { readonly problem: string };
  /** The token as it is typed. */
  readonly show: (token: Token) => string;
}

interface ReadTokens<Token> {
  /** Those that were there, and those that were read, each once. */
  readonly tokens: Token[];
  /** The lines that are no tokens, in one: nothing that was typed or pasted is lost. */
  readonly left: string;
  /** What is wrong with the first of these. */
  readonly problem: string | undefined;
}

/** Reads what was typed or pasted, a token a line. */
export function readTokens<Token>(
  typed: string,
  present: readonly Token[],
  { parse, show }: TokenForm<Token>,
): ReadTokens<Token> {
  const tokens = [...present];
  const known = new Set(present.map(show));
  const left: string[] = [];
  let problem: string | undefined;
  for (const line of typed.split(/[\r\n]+/)) {
    const text = line.trim();
    if (text === '') continue;
    const parsed = parse(text);
    if ('problem' in parsed) {
      left.push(text);
      problem ??= parsed.problem;
    } else if (!known.has(show(parsed.token))) {
      known.add(show(parsed.token));
      tokens.push(parsed.token);
    }
  }
  return { tokens, left: left.join(' '), problem };
}
