import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import type { TrafficTarget } from '../api/types.ts';
import type { Words } from '../locales/say.ts';

export type TrafficKind = TrafficTarget['kind'];

/** One setting of a kind of target, and how it is typed. */
export interface Setting {
  /** Where it is in the settings: `backends.candidate`. */
  readonly path: string;
  readonly label: MessageDescriptor;
  readonly hint?: MessageDescriptor;
  readonly example?: string;
  readonly optional?: true;
  /** A line of text unless given; `names`: several, separated by commas. */
  readonly form?: 'names' | 'yes' | 'number' | 'cluster';
}

export interface KindWords {
  readonly name: Words;
  /** How it divides requests, in a sentence. */
  readonly means: MessageDescriptor;
  readonly settings: readonly Setting[];
  /** What is kept sealed. */
  readonly secrets?: readonly (Setting & { readonly form?: never; readonly lines?: number })[];
}

const clusterSettings: readonly Setting[] = [
  { path: 'cluster', label: msg`Cluster`, form: 'cluster' },
  { path: 'namespace', label: msg`Namespace`, example: 'shop' },
];

const kubeconfig = {
  ...{ path: 'kubeconfig', label: msg`Kubeconfig`, lines: 6 },
  hint: msg`The text of the file, with a token, or a certificate and its key, in it.`,
} as const;

const runtime: Setting = {
  ...{ path: 'runtime', label: msg`Runtime API`, example: '127.0.0.1:9999' },
  hint: msg`host:port, or the path of its socket in a folder of BUNTING_TRAFFIC_PATHS.`,
};

/** What a webhook can say of itself: the other kinds are known. */
const claims: readonly (readonly [name: string, label: MessageDescriptor])[] = [
  ['atomic', msg`All requests are at the new weight at once`],
  ['sticky', msg`Who is on a side stays there`],
  ['lease', msg`It goes back to the baseline by itself after notAfterMs`],
  ['drain', msg`Requests under way end where they began`],
  ['shadow', msg`It sends copies of requests to the candidate`],
  ['fenced', msg`It answers 409 to a lower fence than it has seen`],
];

/** The kinds of targets: what each is called, and what it wants to know. The server has the last word on each field. */
export const trafficKinds: Readonly<Record<TrafficKind, KindWords>> = {
  haproxy: {
    name: 'HAProxy',
    means: msg`By a map that HAProxy reads the weight from. One visitor stays on one side.`,
    settings: [
      runtime,
      { path: 'map', label: msg`Map`, example: '/run/bunting/shop.map', hint: msg`As its configuration names it.` },
      { path: 'backends.candidate', label: msg`Backend of the candidate`, example: 'shop_candidate' },
      { path: 'backends.baseline', label: msg`Backend of the baseline`, example: 'shop_baseline' },
      {
        ...{ path: 'file', label: msg`The map's file`, example: '/run/bunting/shop.map', optional: true },
        hint: msg`As this server sees it: then a weight outlives a reload of HAProxy.`,
      },
    ],
  },
  haproxy_weights: {
    name: msg`HAProxy, weights of servers`,
    means: msg`By weights of servers in one backend. Each request is thrown for anew.`,
    settings: [
      runtime,
      { path: 'backend', label: msg`Backend`, example: 'shop' },
      { path: 'candidate', label: msg`Servers of the candidate`, example: 'canary1', form: 'names' },
      { path: 'baseline', label: msg`Servers of the baseline`, example: 's1, s2', form: 'names' },
    ],
  },
  nginx: {
    name: 'NGINX',
    means: msg`By a file that NGINX includes, tested and reloaded. One visitor stays on one side.`,
    settings: [
      {
        path: 'include',
        label: msg`Include`,
        example: '/etc/nginx/bunting/shop.conf',
        hint: msg`Bunting writes this file.`,
      },
      { path: 'config', label: msg`Main configuration`, example: '/etc/nginx/nginx.conf' },
      {
        ...{ path: 'status', label: msg`Status address`, example: 'http://127.0.0.1:8080/.bunting' },
        hint: msg`Of the location that answers with the header Bunting-Revision.`,
      },
      { path: 'shadow', label: msg`Its configuration mirrors requests`, form: 'yes' },
    ],
  },
  caddy: {
    name: msg`Caddy`,
    means: msg`By the matcher of the candidate's route, set in Caddy's admin API. One visitor stays on one side.`,
    settings: [
      { path: 'admin', label: msg`Admin API`, example: 'http://10.0.0.5:2019' },
      { path: 'id', label: msg`Route`, example: 'shop_candidate', hint: msg`The @id of the candidate's route.` },
    ],
  },
  gateway_api: {
    name: msg`Kubernetes Gateway API`,
    means: msg`By the weights of an HTTPRoute.`,
    settings: [
      ...clusterSettings,
      { path: 'route', label: msg`HTTPRoute`, example: 'web' },
      { path: 'services.candidate', label: msg`Service of the candidate`, example: 'web-v2' },
      { path: 'services.baseline', label: msg`Service of the baseline`, example: 'web-v1' },
    ],
    secrets: [kubeconfig],
  },
  argo_rollouts: {
    name: msg`Argo Rollouts`,
    means: msg`By the steps of a Rollout, which is promoted from pause to pause.`,
    settings: [...clusterSettings, { path: 'rollout', label: msg`Rollout`, example: 'web' }],
    secrets: [kubeconfig],
  },
  flagger: {
    name: msg`Flagger`,
    means: msg`By a Canary that goes by itself, and asks before each step.`,
    settings: [...clusterSettings, { path: 'canary', label: msg`Canary`, example: 'web' }],
    secrets: [kubeconfig],
  },
  webhook: {
    name: msg`Webhook`,
    means: msg`By a program of yours: GET says what is in force, POST sets it.`,
    settings: [
      { path: 'url', label: msg`Address`, example: 'https://edge.example.com/shop' },
      { path: 'counts', label: msg`It answers with counts of requests and errors, too`, form: 'yes' },
      ...claims.map(([name, label]): Setting => ({ path: `capabilities.${name}`, label, form: 'yes' })),
      {
        ...{ path: 'capabilities.granularityPer100k', label: msg`Weights are multiples of`, form: 'number' as const },
        ...{ optional: true as const, example: '1000', hint: msg`In 1/100 000. 1000: whole percents.` },
      },
    ],
    secrets: [
      {
        ...{ path: 'secret', label: msg`Secret`, example: 'whsec_…' },
        hint: msg`Of Standard Webhooks: whsec_ and 24 bytes or more in base64. Requests are signed with it.`,
      },
    ],
  },
};

export const kindNames = Object.keys(trafficKinds) as readonly TrafficKind[];
