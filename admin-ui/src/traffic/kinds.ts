import type { TrafficTarget } from '../api/types.ts';

export type TrafficKind = TrafficTarget['kind'];

/** One setting of a kind of target, and how it is typed. */
export interface Setting {
  /** Where it is in the settings: `backends.candidate`. */
  readonly path: string;
  readonly label: string;
  readonly hint?: string;
  readonly example?: string;
  readonly optional?: true;
  /** A line of text unless given; `names`: several, separated by commas. */
  readonly form?: 'names' | 'yes' | 'number' | 'cluster';
}

export interface KindWords {
  readonly name: string;
  /** How it divides requests, in a sentence. */
  readonly means: string;
  readonly settings: readonly Setting[];
  /** What is kept sealed. */
  readonly secrets?: readonly (Setting & { readonly form?: never; readonly lines?: number })[];
}

const clusterSettings: readonly Setting[] = [
  { path: 'cluster', label: 'Cluster', form: 'cluster' },
  { path: 'namespace', label: 'Namespace', example: 'shop' },
];

const kubeconfig = {
  ...{ path: 'kubeconfig', label: 'Kubeconfig', lines: 6 },
  hint: 'The text of the file, with a token, or a certificate and its key, in it.',
} as const;

const runtime: Setting = {
  ...{ path: 'runtime', label: 'Runtime API', example: '127.0.0.1:9999' },
  hint: 'host:port, or the path of its socket in a folder of BUNTING_TRAFFIC_PATHS.',
};

/** What a webhook can say of itself: the other kinds are known. */
const claims: readonly (readonly [name: string, label: string])[] = [
  ['atomic', 'All requests are at the new weight at once'],
  ['sticky', 'Who is on a side stays there'],
  ['lease', 'It goes back to the baseline by itself after notAfterMs'],
  ['drain', 'Requests under way end where they began'],
  ['shadow', 'It sends copies of requests to the candidate'],
  ['fenced', 'It answers 409 to a lower fence than it has seen'],
];

/** The kinds of targets: what each is called, and what it wants to know. The server has the last word on each field. */
export const trafficKinds: Readonly<Record<TrafficKind, KindWords>> = {
  haproxy: {
    name: 'HAProxy',
    means: 'By a map that HAProxy reads the weight from. One visitor stays on one side.',
    settings: [
      runtime,
      { path: 'map', label: 'Map', example: '/run/bunting/shop.map', hint: 'As its configuration names it.' },
      { path: 'backends.candidate', label: 'Backend of the candidate', example: 'shop_candidate' },
      { path: 'backends.baseline', label: 'Backend of the baseline', example: 'shop_baseline' },
      {
        ...{ path: 'file', label: "The map's file", example: '/run/bunting/shop.map', optional: true },
        hint: 'As this server sees it: then a weight outlives a reload of HAProxy.',
      },
    ],
  },
  haproxy_weights: {
    name: 'HAProxy, weights of servers',
    means: 'By weights of servers in one backend. Each request is thrown for anew.',
    settings: [
      runtime,
      { path: 'backend', label: 'Backend', example: 'shop' },
      { path: 'candidate', label: 'Servers of the candidate', example: 'canary1', form: 'names' },
      { path: 'baseline', label: 'Servers of the baseline', example: 's1, s2', form: 'names' },
    ],
  },
  nginx: {
    name: 'NGINX',
    means: 'By a file that NGINX includes, tested and reloaded. One visitor stays on one side.',
    settings: [
      { path: 'include', label: 'Include', example: '/etc/nginx/bunting/shop.conf', hint: 'Bunting writes this file.' },
      { path: 'config', label: 'Main configuration', example: '/etc/nginx/nginx.conf' },
      {
        ...{ path: 'status', label: 'Status address', example: 'http://127.0.0.1:8080/.bunting' },
        hint: 'Of the location that answers with the header Bunting-Revision.',
      },
      { path: 'shadow', label: 'Its configuration mirrors requests', form: 'yes' },
    ],
  },
  caddy: {
    name: 'Caddy',
    means: "By the matcher of the candidate's route, set in Caddy's admin API. One visitor stays on one side.",
    settings: [
      { path: 'admin', label: 'Admin API', example: 'http://10.0.0.5:2019' },
      { path: 'id', label: 'Route', example: 'shop_candidate', hint: "The @id of the candidate's route." },
    ],
  },
  gateway_api: {
    name: 'Kubernetes Gateway API',
    means: 'By the weights of an HTTPRoute.',
    settings: [
      ...clusterSettings,
      { path: 'route', label: 'HTTPRoute', example: 'web' },
      { path: 'services.candidate', label: 'Service of the candidate', example: 'web-v2' },
      { path: 'services.baseline', label: 'Service of the baseline', example: 'web-v1' },
    ],
    secrets: [kubeconfig],
  },
  argo_rollouts: {
    name: 'Argo Rollouts',
    means: 'By the steps of a Rollout, which is promoted from pause to pause.',
    settings: [...clusterSettings, { path: 'rollout', label: 'Rollout', example: 'web' }],
    secrets: [kubeconfig],
  },
  flagger: {
    name: 'Flagger',
    means: 'By a Canary that goes by itself, and asks before each step.',
    settings: [...clusterSettings, { path: 'canary', label: 'Canary', example: 'web' }],
    secrets: [kubeconfig],
  },
  webhook: {
    name: 'Webhook',
    means: 'By a program of yours: GET says what is in force, POST sets it.',
    settings: [
      { path: 'url', label: 'Address', example: 'https://edge.example.com/shop' },
      { path: 'counts', label: 'It answers with counts of requests and errors, too', form: 'yes' },
      ...claims.map(([name, label]): Setting => ({ path: `capabilities.${name}`, label, form: 'yes' })),
      {
        ...{ path: 'capabilities.granularityPer100k', label: 'Weights are multiples of', form: 'number' as const },
        ...{ optional: true as const, example: '1000', hint: 'In 1/100 000. 1000: whole percents.' },
      },
    ],
    secrets: [
      {
        ...{ path: 'secret', label: 'Secret', example: 'whsec_…' },
        hint: 'Of Standard Webhooks: whsec_ and 24 bytes or more in base64. Requests are signed with it.',
      },
    ],
  },
};

export const kindNames = Object.keys(trafficKinds) as readonly TrafficKind[];
