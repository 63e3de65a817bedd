import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  ClientSecretBasic,
  ClientSecretPost,
  Configuration,
  calculatePKCECodeChallenge,
  customFetch,
  discovery,
  fetchUserInfo,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import type { AddressPolicy } from '../egress/address-policy.ts';
import { egressFetch } from './egress-fetch.ts';

/** How long what a provider says of itself is believed, in milliseconds. */
const REMEMBER_MS = 60 * 60 * 1000;
const MAX_KNOWN = 20;

export interface OidcClient {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** What ties an answer to the browser that asked. */
export interface Checks {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** Claims as the provider signed or sent them, unchecked but for `sub`. */
export type Claims = Readonly<Record<string, unknown>> & { readonly sub: string };

interface Known {
  readonly configuration: Configuration;
  readonly atMs: number;
}

/** OpenID Connect by the authorization code flow with PKCE, `state` and `nonce`. */
export class Oidc {
  readonly #policy: AddressPolicy;
  readonly #now: () => number;
  /** By what it was made of. */
  readonly #known = new Map<string, Known>();

  constructor(policy: AddressPolicy, now: () => number) {
    this.#policy = policy;
    this.#now = now;
  }

  /** Where to send the browser. */
  async begin(client: OidcClient, redirectUri: string, scope: string): Promise<{ url: URL; checks: Checks }> {
    const configuration = await this.#configure(client);
    const checks = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier() };
    const url = buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUri,
      scope,
      state: checks.state,
      nonce: checks.nonce,
      code_challenge: await calculatePKCECodeChallenge(checks.verifier),
      code_challenge_method: 'S256',
    });
    return { url, checks };
  }

  /**
   * Trades the code in an answer for what the provider says of the person.
   * @param callbackUrl as the browser came back with it
   * @throws when any of it is not as it must be
   */
  async finish(client: OidcClient, callbackUrl: URL, { state, nonce, verifier }: Checks): Promise<Claims> {
    const configuration = await this.#configure(client);
    const tokens = await authorizationCodeGrant(configuration, callbackUrl, {
      expectedState: state,
      expectedNonce: nonce,
      pkceCodeVerifier: verifier,
      idTokenExpected: true,
    });
    const signed = tokens.claims();
    if (signed === undefined) throw new Error('the provider sent no ID token');
    // Some send but the subject in the token.
    if (configuration.serverMetadata().userinfo_endpoint === undefined) return signed;
    return { ...(await fetchUserInfo(configuration, tokens.access_token, signed.sub)), ...signed };
  }

  /** Asks a provider who it is, unless it was asked lately. @throws when it does not answer as a provider does */
  async #configure(client: OidcClient): Promise<Configuration> {
    const name = JSON.stringify(client);
    const known = this.#known.get(name);
    if (known !== undefined && this.#now() - known.atMs < REMEMBER_MS) return known.configuration;
    const configuration = await this.discover(client);
    if (this.#known.size === MAX_KNOWN) this.#known.clear();
    this.#known.set(name, { configuration, atMs: this.#now() });
    return configuration;
  }

  async discover({ issuer, clientId, clientSecret }: OidcClient): Promise<Configuration> {
    const fetch = egressFetch(this.#policy);
    // Which addresses may do without TLS says the address policy.
    const execute = issuer.startsWith('http:') ? [allowInsecureRequests] : [];
    const found = await discovery(new URL(issuer), clientId, undefined, undefined, { execute, [customFetch]: fetch });
    const metadata = found.serverMetadata();
    const methods = metadata.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    const authenticate = methods.includes('client_secret_basic')
      ? ClientSecretBasic(clientSecret)
      : ClientSecretPost(clientSecret);
    const configuration = new Configuration(metadata, clientId, undefined, authenticate);
    configuration[customFetch] = fetch;
    for (const configure of execute) configure(configuration);
    return configuration;
  }
}
