import { headlineOf, type Story } from './story.ts';

/** An Adaptive Card, as the workflows that replaced Teams' connectors take it. */
export function teamsMessage(story: Story) {
  const { facts, link } = story;
  const card = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: [
      { type: 'TextBlock', wrap: true, text: escapeMarkdown(headlineOf(story)) },
      ...(facts.length === 0
        ? []
        : [{ type: 'FactSet', facts: facts.map(({ name, text }) => ({ title: name, value: escapeMarkdown(text) })) }]),
    ],
    ...(link === undefined ? {} : { actions: [{ type: 'Action.OpenUrl', title: 'Look', url: link }] }),
  };
  return {
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content: card }],
  };
}

/** What Markdown would read as its own. */
function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_~[\]()<>#]/g, (character) => `\\${character}`);
}
