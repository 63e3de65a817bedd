import { headlineOf, type Story } from './story.ts';

/** For an incoming webhook: a sentence, and below it a line for each fact, in which nothing is markup. */
export function slackMessage(story: Story) {
  const { actor, deed, facts, link } = story;
  const sentence = `*${escapeMarkup(actor)}* ${escapeMarkup(deed)}`;
  return {
    text: escapeMarkup(headlineOf(story)),
    blocks: [
      {
        type: 'section',
        text: { type: 'mrkdwn', text: link === undefined ? sentence : `${sentence} (<${link}|look>)` },
      },
      ...facts.map(({ name, text }) => ({
        type: 'context',
        elements: [{ type: 'plain_text', text: `${name}: ${text}`, emoji: false }],
      })),
    ],
  };
}

/** Slack reads these three, and nothing else, as its own. */
function escapeMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
