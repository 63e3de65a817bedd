import { type Static, type TSchema, Type } from '@sinclair/typebox';
import type { AddressPolicy } from '../egress/address-policy.ts';
import type { Problem } from '../http/api-error.ts';
import { compileValidator } from '../http/validate.ts';
import type { AllowedPaths } from './allowed-paths.ts';
import { TrafficError, type TrafficTarget } from './traffic-target.ts';

/** What targets may reach on behalf of people. */
export interface Means {
  readonly policy: AddressPolicy;
  readonly paths: AllowedPaths;
  /** The program, by name or path. */
  readonly nginx: string;
  /** Of Kubernetes, in which the server's own account may be used. */
  readonly namespaces: readonly string[];
  /** Milliseconds since 1970, UTC. */
  readonly now: () => number;
}

/** A kind of traffic target, as its file says it. Settings and secrets are objects of their schemas when it gets them. */
interface Described<S extends TSchema, X extends TSchema> {
  readonly kind: string;
  readonly settings: S;
  /** What is sealed and never shown: an object of texts. Without it there is none. */
  readonly secrets?: X;
  /** What its schema cannot say. Paths are within the settings. */
  check(settings: Static<S>, means: Means): Problem[];
  open(settings: Static<S>, secrets: Static<X>, means: Means): TrafficTarget;
}

/** A kind of any type. */
export interface TrafficKind {
  readonly kind: string;
  readonly settings: TSchema;
  readonly secrets: TSchema;
  check(settings: unknown, means: Means): Problem[];
  /** @throws {TrafficError} `refused` when an earlier version kept settings that do not do any more */
  open(settings: unknown, secrets: unknown, means: Means): TrafficTarget;
}

const NO_SECRETS = Type.Object({}, { additionalProperties: false });

/** Checks what it gets before the kind does. */
export function trafficKind<S extends TSchema, X extends TSchema = typeof NO_SECRETS>(
  described: Described<S, X>,
): TrafficKind {
  const { kind, settings, secrets = NO_SECRETS } = described;
  const ofSettings = compileValidator<Static<S>>(settings);
  const ofSecrets = compileValidator<Static<X>>(secrets);
  return {
    ...{ kind, settings, secrets },
    check: (given, means) => (ofSettings.is(given) ? described.check(given, means) : [...ofSettings.problems(given)]),
    open(given, sealed, means) {
      if (ofSettings.is(given) && ofSecrets.is(sealed)) return described.open(given, sealed, means);
      const [problem] = [...ofSettings.problems(given), ...ofSecrets.problems(sealed)];
      throw new TrafficError(
        'refused',
        `Its settings are not what this version takes (${problem?.path}: ${problem?.message}): save it anew.`,
      );
    },
  };
}
