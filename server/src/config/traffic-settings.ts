import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { readForProject } from '../traffic/for-project.ts';
import type { Source } from './config.ts';

/** What traffic targets may touch on this server. */
export const trafficSettings = {
  /**
   * Folders, separated by commas, in which targets may write files and talk to sockets: of every project, or `shop=/run/shop` of
   * one. Default: none.
   */
  trafficPaths: z
    .union([z.array(z.string()), z.string().transform((text) => text.split(',').map((part) => part.trim()))])
    .transform((paths) => paths.filter((path) => path !== ''))
    .refine(
      (paths) => paths.every((path) => isAbsolute(readForProject(path).value)),
      'give absolute folders such as /run/bunting,shop=/etc/haproxy/shop',
    )
    .default([]),
  /** NGINX's program, for targets of that kind on this machine: it tests and reloads. */
  trafficNginx: z.string().min(1, 'give the path of nginx').default('nginx'),
  /**
   * Namespaces of Kubernetes, separated by commas, in which targets may use the server's own account: of every project, or
   * `shop=shop-live` of one. Default: none.
   */
  trafficNamespaces: z
    .union([z.array(z.string()), z.string().transform((text) => text.split(',').map((part) => part.trim()))])
    .transform((names) => names.filter((name) => name !== ''))
    .refine(
      (names) => names.every((name) => /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(readForProject(name).value)),
      'give names such as staging,shop=shop-live',
    )
    .default([]),
};

export const TRAFFIC_SOURCES = {
  trafficPaths: { variable: 'BUNTING_TRAFFIC_PATHS' },
  trafficNginx: { variable: 'BUNTING_TRAFFIC_NGINX' },
  trafficNamespaces: { variable: 'BUNTING_TRAFFIC_NAMESPACES' },
} satisfies Readonly<Record<keyof typeof trafficSettings, Source>>;
