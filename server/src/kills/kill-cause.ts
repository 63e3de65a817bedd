import { type Static, Type } from '@sinclair/typebox';

const Milliseconds = Type.Integer({ minimum: 0 });

/** What made the server kill by itself. A newer server may say more. Times: milliseconds since 1970, UTC. */
export const KillCauseSchema = Type.Object({
  /** Such as `signal`, `safeguard` or `drill`. */
  kind: Type.String({ maxLength: 50 }),
  /** Of the binding or safeguard. */
  id: Type.String({ maxLength: 200 }),
  name: Type.String({ maxLength: 200 }),
  episode: Type.Optional(Type.String({ maxLength: 500 })),
  /** A sentence for people. */
  summary: Type.String({ maxLength: 1_000 }),
  /** When it began to be bad, as far as that is known. */
  firstBadAtMs: Type.Optional(Milliseconds),
  /** When the source decided that it is. */
  detectedAtMs: Type.Optional(Milliseconds),
  /** When a server heard of it. */
  receivedAtMs: Type.Optional(Milliseconds),
  link: Type.Optional(Type.String({ maxLength: 2_000 })),
});
export type KillCause = Readonly<Static<typeof KillCauseSchema>>;

/** Of what is known of a cause that which is kept with the kill, cut to what the other servers take. */
export function toKillCause(cause: KillCause): KillCause {
  const { kind, id, name, episode, summary, firstBadAtMs, detectedAtMs, receivedAtMs, link } = cause;
  return {
    kind: cut(kind, 50),
    id: cut(id, 200),
    name: cut(name, 200),
    ...(episode === undefined ? {} : { episode: cut(episode, 500) }),
    summary: cut(summary, 1_000),
    ...timeOf('firstBadAtMs', firstBadAtMs),
    ...timeOf('detectedAtMs', detectedAtMs),
    ...timeOf('receivedAtMs', receivedAtMs),
    // Half a link leads nowhere.
    ...(link === undefined || link.length > 2_000 ? {} : { link }),
  };
}

/** In characters. */
function cut(text: string, length: number): string {
  return text.slice(0, length);
}

/** Sources may say nonsense: what is no moment is left out. */
function timeOf<Name extends string>(name: Name, atMs: number | undefined): { readonly [name in Name]?: number } {
  const rounded = Math.round(atMs ?? Number.NaN);
  return Number.isSafeInteger(rounded) && rounded >= 0 ? ({ [name]: rounded } as { [name in Name]: number }) : {};
}
