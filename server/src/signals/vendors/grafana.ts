import { Type } from '@sinclair/typebox';
import type { Adapter, Delivery } from '../adapter.ts';
import { checkSignedTime, headerOf, isSigned, unauthentic } from '../authentic.ts';
import { readJson } from '../body.ts';
import { AlertSchema, toFinding } from './alertmanager.ts';

/** What Grafana is told to write the time of the signature into: without it, a message could be sent again for ever. */
const TIMESTAMP_HEADER = 'x-grafana-alerting-timestamp';
const SIGNATURE_HEADER = 'x-grafana-alerting-signature';

const Body = Type.Object({
  alerts: Type.Array(
    Type.Intersect([
      AlertSchema,
      Type.Object({
        /** By the name of the query. */
        values: Type.Optional(
          Type.Union([Type.Record(Type.String(), Type.Union([Type.Number(), Type.Null()])), Type.Null()]),
        ),
        panelURL: Type.Optional(Type.String()),
        dashboardURL: Type.Optional(Type.String()),
      }),
    ]),
  ),
  truncatedAlerts: Type.Optional(Type.Integer()),
});

/** HMAC-SHA256 of `<seconds>:<body>`, hex (grafana/alerting, http/hmac.go). */
export const grafana: Adapter = {
  verify({ headers, raw, atMs }, { secrets }) {
    const [time, signature] = [headerOf(headers, TIMESTAMP_HEADER), headerOf(headers, SIGNATURE_HEADER)];
    if (time === undefined || signature === undefined) {
      throw unauthentic(
        'The message is not signed with a time: set the HMAC secret and the timestamp header X-Grafana-Alerting-Timestamp of the contact point.',
      );
    }
    if (!isSigned(secrets, [time, ':', raw], [signature], 'hex')) {
      throw unauthentic("The signature does not fit: give the contact point the source's secret as HMAC secret.");
    }
    checkSignedTime(time, atMs);
  },
  read(message): Delivery {
    const { alerts } = readJson(message, Body);
    return {
      findings: alerts.map((alert) => {
        // Grafana tells that a rule has no data, or failed, by alerts of these names.
        const isBlind = /^(DatasourceNoData|DatasourceError)$/.test(alert.labels.alertname ?? '');
        const finding = toFinding(alert, message.atMs);
        const value = Object.values(alert.values ?? {}).find((number) => number !== null);
        const link = alert.panelURL || alert.dashboardURL || finding.link;
        return {
          ...finding,
          ...(isBlind && { status: 'unknown' as const }),
          ...(typeof value === 'number' && { value }),
          ...(link ? { link } : {}),
        };
      }),
    };
  },
};
