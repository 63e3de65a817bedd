/** Why something is done: kept with its audit event. Headers take no other characters. */
export function commentHeader(reason: string | undefined): { 'bunting-comment'?: string } {
  return reason ? { 'bunting-comment': encodeURIComponent(reason) } : {};
}
