import type { Mail } from '../mail/mailer.ts';
import { headlineOf, type Story } from './story.ts';

/** What mail programs show of a subject in a list, about, in characters. */
const MAX_SUBJECT = 150;

/** The same in plain text and in HTML, which loads nothing from anywhere. */
export function emailMessage(story: Story): Pick<Mail, 'subject' | 'text' | 'html'> {
  const { facts, link } = story;
  const headline = headlineOf(story);
  const lines = facts.map(({ name, text }) => `${name}: ${text}`);
  const rows = facts.map(({ name, text }) => `<tr><td>${escapeHtml(name)}</td><td>${escapeHtml(text)}</td></tr>`);
  return {
    subject: `[Bunting] ${headline.length <= MAX_SUBJECT ? headline : `${headline.slice(0, MAX_SUBJECT - 1)}…`}`,
    text: `${[`${headline}.`, '', ...lines, ...(link === undefined ? [] : ['', link])].join('\n')}\n`,
    html: [
      `<p><strong>${escapeHtml(headline)}.</strong></p>`,
      ...(rows.length === 0 ? [] : ['<table cellpadding="4">', ...rows, '</table>']),
      ...(link === undefined ? [] : [`<p><a href="${escapeHtml(link)}">Look</a></p>`]),
      '',
    ].join('\n'),
  };
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
