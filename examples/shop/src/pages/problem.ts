import { type Html, html } from '../html.ts';
import { type PageFrame, renderPage } from './layout.ts';

/** A page for what could not be done. */
export function renderProblem(frame: PageFrame, title: string, message: string): Html {
  return renderPage(frame, {
    title,
    body: html`<section class="card narrow"><h1>${title}</h1><p>${message}</p><a class="button" href="/">To the shop</a></section>`,
  });
}
