/** How a heartbeat's ages stand in the headers of an answer. */
export function ageHeadersOf({ dataAgeMs = 0, vouchAgeMs }: { dataAgeMs?: number; vouchAgeMs?: number }) {
  return {
    'stream-data-age-ms': String(dataAgeMs),
    ...(vouchAgeMs === undefined ? {} : { 'stream-vouch-age-ms': String(vouchAgeMs) }),
  };
}
