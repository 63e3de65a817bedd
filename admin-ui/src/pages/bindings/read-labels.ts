import { t } from '@lingui/core/macro';
/** Reads labels as people type them: `name=value`, one a line. Values may hold `=`. */
export function readLabels(text: string): { readonly labels: Record<string, string> } | { readonly problem: string } {
  const entries: [string, string][] = [];
  for (const [at, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const equals = line.indexOf('=');
    const name = line.slice(0, Math.max(0, equals)).trim();
    if (name === '') return { problem: t`Line ${at + 1} is no label: write it as name=value.` };
    entries.push([name, line.slice(equals + 1).trim()]);
  }
  return { labels: Object.fromEntries(entries) };
}
