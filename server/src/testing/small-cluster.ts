import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

type Json = Record<string, unknown>;

/** An object of a cluster, as its API stores it. */
export interface StoredObject {
  metadata: { resourceVersion: string; generation: number; annotations?: Record<string, string> };
  spec: Json;
  status?: Json;
}

/**
 * As much of a Kubernetes API as a contract test needs: objects by path, merge patches (RFC 7396) that are refused with 409
 * when they follow another version than the present one, a status that is patched apart, and tokens.
 */
export class SmallCluster {
  readonly token = 'cluster-token';
  /** By path, such as `/apis/argoproj.io/v1alpha1/namespaces/shop/rollouts/web`. */
  readonly objects = new Map<string, StoredObject>();
  /** Called before each patch is looked at: someone else may be faster. */
  beforePatch: (path: string) => void = () => {};
  /** Called after each change: what controllers do. */
  afterPatch: (object: StoredObject) => void = () => {};
  /** Answers every request with this status; undefined: none. */
  fails: number | undefined;
  patches = 0;
  url = '';

  add(path: string, spec: Json, status?: Json): StoredObject {
    const object: StoredObject = { metadata: { resourceVersion: '1', generation: 1 }, spec, ...(status && { status }) };
    this.objects.set(path, object);
    return object;
  }

  /** As `kubectl config view --raw` shows it. */
  kubeconfig(user: Json = { token: this.token }): string {
    return JSON.stringify({
      'current-context': 'test',
      contexts: [{ name: 'test', context: { cluster: 'small', user: 'bunting' } }],
      clusters: [{ name: 'small', cluster: { server: `${this.url}/` } }],
      users: [{ name: 'bunting', user }],
    });
  }

  async answer(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
    const path = (request.url ?? '').replace(/\/status$/, '');
    const isStatus = path !== request.url;
    if (this.fails !== undefined) return { status: this.fails, body: { message: 'as told' } };
    if (request.headers.authorization !== `Bearer ${this.token}`)
      return { status: 403, body: { message: 'forbidden' } };
    if (request.method === 'PATCH') this.beforePatch(path);
    const object = this.objects.get(path);
    if (object === undefined) return { status: 404, body: { message: 'not found' } };
    if (request.method !== 'PATCH') return { status: 200, body: object };
    if (request.headers['content-type'] !== 'application/merge-patch+json') return { status: 415, body: {} };
    const patch = (await json(request)) as Partial<StoredObject>;
    const follows = patch.metadata?.resourceVersion;
    if (follows !== undefined && follows !== object.metadata.resourceVersion) {
      return { status: 409, body: { message: 'the object has been modified' } };
    }
    this.patches += 1;
    this.change(
      path,
      isStatus ? { status: patch.status ?? {} } : ({ spec: patch.spec, metadata: patch.metadata } as Json),
    );
    this.afterPatch(this.objects.get(path) ?? object);
    return { status: 200, body: this.objects.get(path) };
  }

  /** As anyone may; the version rises, and with a new spec the generation. */
  change(path: string, patch: Json): void {
    const object = this.objects.get(path);
    if (object === undefined) throw new Error(`there is no ${path}`);
    const changed = merge(object, patch) as StoredObject;
    const isNewSpec = JSON.stringify(changed.spec) !== JSON.stringify(object.spec);
    changed.metadata.resourceVersion = String(Number(object.metadata.resourceVersion) + 1);
    changed.metadata.generation = object.metadata.generation + (isNewSpec ? 1 : 0);
    this.objects.set(path, changed);
  }
}

/** Listens until the test is over. */
export async function startSmallCluster(): Promise<SmallCluster> {
  const cluster = new SmallCluster();
  const server = createServer((request, response) => {
    void cluster.answer(request).then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  cluster.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return cluster;
}

function merge(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return structuredClone(patch);
  const merged: Json = typeof target === 'object' && target !== null && !Array.isArray(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === undefined) continue;
    if (value === null) delete merged[name];
    else merged[name] = merge(merged[name], value);
  }
  return merged;
}
