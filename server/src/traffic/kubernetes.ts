import { type Static, Type } from '@sinclair/typebox';
import { readAddressPolicy } from '../egress/address-policy.ts';
import type { Incoming } from '../egress/send.ts';
import type { Problem } from '../http/api-error.ts';
import { askService, said } from './answer.ts';
import type { Means } from './kind.ts';
import { readKubeconfig, readOwnAccess } from './kubernetes-access.ts';
import { TrafficError } from './traffic-target.ts';

const Name = Type.String({ pattern: '^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$', description: 'As Kubernetes has it' });

/** Settings of everything that lies in a cluster. */
export const inCluster = {
  cluster: Type.Union([Type.Literal('own'), Type.Literal('kubeconfig')], {
    description: 'own: the cluster that this server runs in, as its service account. kubeconfig: as the secret says',
  }),
  namespace: Name,
};
export const KubernetesName = Name;

export const ClusterSecrets = Type.Object(
  {
    kubeconfig: Type.Optional(
      Type.String({ maxLength: 100_000, description: 'With a token, or a certificate and its key, in it' }),
    ),
  },
  { additionalProperties: false },
);

export interface ClusterSettings {
  readonly cluster: 'own' | 'kubeconfig';
  readonly namespace: string;
}

/** A kind of object, such as `httproutes` of `gateway.networking.k8s.io/v1`. */
export interface Resource {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
}

/** What all objects have. */
export interface KubernetesObject {
  readonly metadata: {
    readonly resourceVersion: string;
    readonly generation?: number;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: unknown;
  readonly status?: unknown;
}

/** Someone else changed the object since it was read. */
class Conflict extends Error {}

/** Controllers write to their objects all the time. */
const MAX_TRIES = 5;
/** Of all tries together. */
export const CLUSTER_APPLY_TIMEOUT_MS = 15_000;
/** A cluster's own API has an address of the inside; whose account it is asked with, the operator has said. */
const OWN = readAddressPolicy(['*']);

/** What is wrong with where it lies. */
export function checkCluster({ cluster, namespace }: ClusterSettings, { namespaces }: Means): Problem[] {
  if (cluster === 'kubeconfig' || namespaces.includes(namespace)) return [];
  const allowed = namespaces.length === 0 ? 'none' : namespaces.join(', ');
  const message = `must be one that BUNTING_TRAFFIC_NAMESPACES names on the server for this project (now: ${allowed}), or cluster kubeconfig`;
  return [{ path: 'namespace', message }];
}

/** One object of a cluster. */
export class ClusterObject {
  readonly #settings: ClusterSettings;
  readonly #secrets: Static<typeof ClusterSecrets>;
  readonly #means: Means;
  readonly #resource: Resource;
  readonly #name: string;

  constructor(
    settings: ClusterSettings,
    secrets: Static<typeof ClusterSecrets>,
    means: Means,
    resource: Resource,
    name: string,
  ) {
    this.#settings = settings;
    this.#secrets = secrets;
    this.#means = means;
    this.#resource = resource;
    this.#name = name;
  }

  /** @throws {TrafficError} */
  async read(signal: AbortSignal): Promise<KubernetesObject> {
    return toObject(await this.#send('GET', '', undefined, signal));
  }

  /**
   * Reads it, and changes what `plan` says (JSON merge patches, in turn) if nobody else has changed it since; else again.
   * @param plan empty: it is as it should be
   * @throws {TrafficError}
   */
  async change(
    plan: (object: KubernetesObject) => readonly { readonly subresource?: 'status'; readonly patch: object }[],
    signal: AbortSignal,
  ): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        let object = await this.read(signal);
        for (const { subresource, patch } of plan(object)) {
          const body = merge(patch, object.metadata.resourceVersion);
          object = toObject(
            await this.#send('PATCH', subresource === undefined ? '' : `/${subresource}`, body, signal),
          );
        }
        return;
      } catch (error) {
        if (!(error instanceof Conflict)) throw error;
        if (tries < MAX_TRIES) continue;
        throw new TrafficError('unreachable', `Others kept changing ${this.#what}: it is tried again.`);
      }
    }
  }

  get #what(): string {
    return `${this.#resource.plural} ${this.#settings.namespace}/${this.#name}`;
  }

  async #send(
    method: 'GET' | 'PATCH',
    more: string,
    patch: object | undefined,
    signal: AbortSignal,
  ): Promise<Incoming> {
    const { group, version, plural } = this.#resource;
    const { cluster, namespace } = this.#settings;
    // Nobody is asked where an operator has taken it back since.
    const [problem] = checkCluster(this.#settings, this.#means);
    if (problem !== undefined) throw new TrafficError('refused', `Its namespace ${problem.message}.`);
    const { kubeconfig } = this.#secrets;
    const { server, headers, tls } = cluster === 'own' ? readOwnAccess() : readKubeconfig(kubeconfig);
    const path = `/apis/${group}/${version}/namespaces/${namespace}/${plural}/${this.#name}${more}`;
    const means = cluster === 'own' ? { ...this.#means, policy: OWN } : this.#means;
    const outgoing = {
      ...{ url: `${server}${path}`, method, tls },
      headers: { accept: 'application/json', 'content-type': 'application/merge-patch+json', ...headers },
      ...(patch === undefined ? {} : { body: JSON.stringify(patch) }),
    };
    const answer = await askService(means, outgoing, signal);
    if (answer.status === 409) throw new Conflict();
    if (answer.status >= 200 && answer.status < 300) return answer;
    const verbs = `get and patch ${plural}${more === '' ? '' : ` and ${plural}${more}`} (${group}) in ${namespace}`;
    const fix =
      answer.status === 404
        ? `there is no ${this.#what}: correct the name, or install its controller`
        : `give its account a role that may ${verbs}`;
    throw new TrafficError('refused', `The Kubernetes API answered ${answer.status}: ${fix}${said(answer)}.`);
  }
}

/** With the version that it follows: anything else is a conflict. */
function merge(patch: object, resourceVersion: string): object {
  const { metadata = {}, ...rest } = patch as { readonly metadata?: object };
  return { ...rest, metadata: { ...metadata, resourceVersion } };
}

function toObject({ body }: Incoming): KubernetesObject {
  try {
    const value = JSON.parse(body) as KubernetesObject;
    if (typeof value.metadata.resourceVersion === 'string') return value;
  } catch {
    // It is said below.
  }
  throw new TrafficError('refused', 'What answers is no Kubernetes API: correct the server of the kubeconfig.');
}
