import type { Adapter } from './adapter.ts';
import type { Vendor } from './episode.ts';
import { alertmanager } from './vendors/alertmanager.ts';
import { cloudwatch } from './vendors/cloudwatch.ts';
import { datadog } from './vendors/datadog.ts';
import { generic } from './vendors/generic.ts';
import { grafana } from './vendors/grafana.ts';
import { opsgenie } from './vendors/opsgenie.ts';
import { pagerduty } from './vendors/pagerduty.ts';
import { sentry } from './vendors/sentry.ts';

export const ADAPTERS: Readonly<Record<Vendor, Adapter>> = {
  alertmanager,
  grafana,
  datadog,
  pagerduty,
  sentry,
  opsgenie,
  cloudwatch,
  generic,
};
