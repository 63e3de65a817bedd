import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { TrafficError } from './traffic-target.ts';

/** How a cluster's API is reached, and who asks. */
export interface ClusterAccess {
  /** Without a slash at its end. */
  readonly server: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: {
    readonly ca?: Buffer | undefined;
    readonly cert?: Buffer | undefined;
    readonly key?: Buffer | undefined;
    readonly servername?: string | undefined;
  };
}

const ACCOUNT_FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';

/** As the pod's service account. Read each time: tokens are replaced. @throws {TrafficError} `refused` outside of a cluster */
export function readOwnAccess(env: NodeJS.ProcessEnv = process.env, folder: string = ACCOUNT_FOLDER): ClusterAccess {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port = '443' } = env;
  try {
    if (host === undefined) throw new Error('KUBERNETES_SERVICE_HOST is not set');
    const token = readFileSync(join(folder, 'token'), 'utf8').trim();
    return {
      server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
      headers: { authorization: `Bearer ${token}` },
      tls: { ca: readFileSync(join(folder, 'ca.crt')) },
    };
  } catch (cause) {
    const message = `This server has no service account of a cluster (${(cause as Error).message}): choose cluster kubeconfig.`;
    throw new TrafficError('refused', message, { cause });
  }
}

const Data = z.base64().transform((text) => Buffer.from(text, 'base64'));
const ClusterEntry = z.strictObject({
  server: z.url({ protocol: /^https?$/ }),
  'certificate-authority-data': Data.optional(),
  'tls-server-name': z.string().optional(),
});
const UserEntry = z.strictObject({
  token: z.string().optional(),
  'client-certificate-data': Data.optional(),
  'client-key-data': Data.optional(),
});
const Kubeconfig = z.object({
  'current-context': z.string(),
  contexts: z.array(z.object({ name: z.string(), context: z.object({ cluster: z.string(), user: z.string() }) })),
  clusters: z.array(z.object({ name: z.string(), cluster: z.unknown() })),
  users: z.array(z.object({ name: z.string(), user: z.unknown() })),
});

/**
 * The current context of a kubeconfig that a person gave. It may not run programs here (`exec`), have files of this server
 * read (`token-file`, `client-key`) or turn checks off: all that is not data in it is refused.
 * @throws {TrafficError} `refused`, with what to do
 */
export function readKubeconfig(text: string | undefined): ClusterAccess {
  if (text === undefined) throw new TrafficError('refused', 'It has no kubeconfig: give one among the secrets.');
  const found = Kubeconfig.safeParse(parseYaml(text));
  if (!found.success) throw refused(found.error);
  const { 'current-context': name, contexts, clusters, users } = found.data;
  const context = contexts.find((one) => one.name === name)?.context;
  const cluster = ClusterEntry.safeParse(clusters.find((one) => one.name === context?.cluster)?.cluster);
  if (!cluster.success) throw refused(cluster.error, 'cluster');
  const user = UserEntry.safeParse(users.find((one) => one.name === context?.user)?.user);
  if (!user.success) throw refused(user.error, 'user');
  const { server, 'certificate-authority-data': ca, 'tls-server-name': servername } = cluster.data;
  const { token, 'client-certificate-data': cert, 'client-key-data': key } = user.data;
  return {
    server: server.replace(/\/+$/, ''),
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    tls: { ca, cert, key, ...(servername === undefined ? {} : { servername }) },
  };
}

function parseYaml(text: string): unknown {
  try {
    // Names for what stands elsewhere could make a small text large.
    return parse(text, { maxAliasCount: 0 });
  } catch (cause) {
    throw new TrafficError('refused', `Its kubeconfig is no YAML: ${(cause as Error).message.split('\n')[0]}`, {
      cause,
    });
  }
}

function refused({ issues }: z.ZodError, entry?: string): TrafficError {
  const [issue] = issues;
  const place = [...(entry === undefined ? [] : [`the ${entry} of its current context`]), ...(issue?.path ?? [])].join(
    '.',
  );
  return new TrafficError(
    'refused',
    `Its kubeconfig is not taken (${place}: ${issue?.message}): put a token, or certificate and key as data, into it.`,
  );
}
