import type { EvaluationDetails } from '@bunting/node';
import { explain, type ShopFlags, type Theme, themes } from '../flags.ts';
import { type Html, html } from '../html.ts';
import type { ShopVersion } from '../version.ts';
import type { Visit, VisitLog } from '../visit-log.ts';
import { countries, plans, type Visitor } from '../visitor.ts';
import { type PageFrame, renderPage } from './layout.ts';

export function renderVisitors(
  frame: PageFrame,
  flags: ShopFlags,
  log: VisitLog,
  isBroken: boolean,
  versions: readonly ShopVersion[],
): Html {
  const body = html`
<h1>Who gets what</h1>
<p class="lead">Every visitor is a pennant. Its cut is the checkout they got on their latest visit, its dye the theme. Change a flag in Bunting and watch the line change as people come by.</p>
<div id="live" data-source="/visitors/live">${renderLive(flags, log, frame.visitor, Date.now())}</div>
<section class="you">
<h2>Be someone else</h2>
<p>You are <code>${frame.visitor.id}</code>, on a ${frame.visitor.device}. Targeting rules see the country and the plan that you choose here.</p>
${renderIdentity(frame.visitor)}
</section>
<section class="you">
<h2>Break the new checkout</h2>
<p>${isBroken ? 'The one-page checkout fails for everyone who gets it.' : 'Make the one-page checkout fail for everyone who gets it.'} Safeguards in Bunting see that from what the shop measures, and turn the flag off everywhere. Nobody has to do anything.</p>
<form class="filters" method="post" action="/fault">
<button type="submit" name="broken" value="${isBroken ? 'no' : 'yes'}">${isBroken ? 'Mend the new checkout' : 'Break the new checkout'}</button>
</form>
</section>
${renderNewest(versions)}`;
  return renderPage(frame, { title: 'Visitors', body, script: 'live.js' });
}

/** Where more than one version runs, the newest can be broken: a release in Bunting is moving visitors to it. */
function renderNewest(versions: readonly ShopVersion[]): Html | undefined {
  const newest = versions.length > 1 ? versions.at(-1) : undefined;
  if (newest === undefined) return undefined;
  const { name, isBroken } = newest;
  return html`<section class="you">
<h2>Break version ${name}</h2>
<p>Version ${name} of the shop runs beside the one before, and a release in Bunting moves visitors to it, a share at a time. ${isBroken ? 'Its checkout fails for whoever is there.' : 'Make its checkout fail.'} The release sees the errors in what the load balancer counts, and takes everyone back.</p>
<form class="filters" method="post" action="/versions">
<input type="hidden" name="version" value="${name}">
<button type="submit" name="broken" value="${isBroken ? 'no' : 'yes'}">${isBroken ? `Mend version ${name}` : `Break version ${name}`}</button>
</form>
</section>`;
}

/** The part of the page that is sent again whenever it changes. */
export function renderLive(flags: ShopFlags, log: VisitLog, viewer: Visitor, nowMs: number): Html {
  return html`
<section class="card" aria-labelledby="line-title">
<h2 id="line-title">On the line</h2>
${renderShares(log.latest)}
${log.latest.length === 0 ? html`<p class="nothing">Nobody has come by yet.</p>` : html`<ul class="pennants">${log.latest.map((visit) => renderPennant(visit, viewer))}</ul>`}
${renderLegend()}
</section>
<section class="card">
<h2 id="answers-title">What the flags say to you</h2>
<p class="hint">${describeSource(flags)}</p>
<div class="scroll" role="region" aria-labelledby="answers-title" tabindex="0"><table>
<thead><tr><th scope="col">Flag</th><th scope="col">Value</th><th scope="col">Variant</th><th scope="col">Reason</th><th scope="col">Revision</th><th scope="col">Data age</th></tr></thead>
<tbody>${explain(flags, viewer).map((details) => renderAnswer(details, flags.revision?.number))}</tbody>
</table></div>
</section>
<section class="card">
<h2 id="views-title">Latest page views</h2>
<div class="scroll" role="region" aria-labelledby="views-title" tabindex="0"><table>
<thead><tr><th scope="col">Visitor</th><th scope="col">From</th><th scope="col">Device</th><th scope="col">Plan</th><th scope="col">Page</th><th scope="col">Checkout</th><th scope="col">Theme</th><th scope="col">Banner</th><th scope="col">When</th></tr></thead>
<tbody>${log.recent.map((visit) => renderVisit(visit, nowMs))}</tbody>
</table></div>
</section>`;
}

function renderShares(visits: readonly Visit[]): Html {
  const onePage = visits.filter((visit) => visit.decisions.onePageCheckout).length;
  const classic = visits.length - onePage;
  const share = visits.length === 0 ? 0 : Math.round((onePage / visits.length) * 100);
  return html`<p class="shares"><span><b>${onePage}</b> one-page checkout</span><span><b>${classic}</b> classic checkout</span>${renderVersions(visits)}</p>
<svg class="share-bar" viewBox="0 0 100 4" preserveAspectRatio="none" role="img" aria-label="${share} % of visitors got the one-page checkout"><rect class="classic" width="100" height="4"/><rect class="one-page" width="${share}" height="4"/></svg>`;
}

/** How many are at which version, where there is more than one. */
function renderVersions(visits: readonly Visit[]): Html[] {
  const counts = new Map<string, number>();
  for (const { version } of visits) counts.set(version, (counts.get(version) ?? 0) + 1);
  if ([...counts.keys()].every((version) => version === '1')) return [];
  return [...counts].sort().map(([version, count]) => html`<span><b>${count}</b> at version ${version}</span>`);
}

function renderPennant({ visitor, decisions }: Visit, viewer: Visitor): Html {
  const checkout = decisions.onePageCheckout ? 'one-page' : 'classic';
  const { theme } = decisions.headline;
  const label = visitor.id === viewer.id ? 'you' : visitor.id.replace(/^sim-0*/, '').slice(0, 5);
  const title = `${visitor.id}: ${checkout} checkout, ${theme} theme`;
  return html`<li><svg viewBox="0 0 30 40" data-theme="${theme}" role="img" aria-label="${title}"><title>${title}</title>${drawPennant(decisions.onePageCheckout)}</svg><span aria-hidden="true">${label}</span></li>`;
}

/** One page: forked, of one cloth. Classic: pointed, sewn from two halves, as its checkout is. */
function drawPennant(onePage: boolean): Html {
  return onePage
    ? html`<path class="dye-1" d="M2 2h26v36l-13-11-13 11z"/>`
    : html`<path class="dye-1" d="M2 2h13v36z"/><path class="dye-1 half" d="M15 2h13l-13 36z"/>`;
}

function renderLegend(): Html {
  const dyes = themes.map(
    (theme: Theme) =>
      html`<li><svg viewBox="0 0 12 12" data-theme="${theme}" aria-hidden="true"><rect class="dye-1" width="12" height="12"/></svg>${theme}</li>`,
  );
  return html`<ul class="legend" aria-label="Key">
<li class="key">Checkout</li><li><svg viewBox="0 0 30 40" aria-hidden="true">${drawPennant(true)}</svg>one-page</li>
<li><svg viewBox="0 0 30 40" aria-hidden="true">${drawPennant(false)}</svg>classic</li>
<li class="key">Theme</li>${dyes}</ul>`;
}

function describeSource({ state, revision }: ShopFlags): string {
  switch (state) {
    case 'live':
      return `Answered in the shop's own process, from revision ${revision?.number}. Connected to Bunting.`;
    case 'stale':
      return `Answered in the shop's own process, from revision ${revision?.number}. Bunting has been out of reach for a while; the last known answers stand.`;
    default:
      return 'Bunting has not been reached yet: these are the defaults written in the shop.';
  }
}

function renderAnswer(details: EvaluationDetails<boolean | string>, revision: number | undefined): Html {
  const reason = details.errorCode === undefined ? details.reason : `${details.reason}: ${details.errorCode}`;
  return html`<tr><th scope="row"><code>${details.key}</code></th><td>${String(details.value)}</td><td>${details.variant ?? '(default)'}</td><td>${reason}</td><td>${revision ?? '–'}</td><td>${formatAge(details.dataAgeMs)}</td></tr>`;
}

function renderVisit({ visitor, step, decisions, atMs }: Visit, nowMs: number): Html {
  return html`<tr><th scope="row"><code>${visitor.id}</code></th><td>${visitor.country ?? '–'}</td><td>${visitor.device}</td><td>${visitor.plan}</td><td>${step}</td><td>${decisions.onePageCheckout ? 'one-page' : 'classic'}</td><td>${decisions.headline.theme}</td><td>${decisions.freeShippingBanner ? 'on' : 'off'}</td><td>${formatAge(nowMs - atMs)} ago</td></tr>`;
}

function formatAge(ageMs: number | undefined): string {
  if (ageMs === undefined) return '–';
  const seconds = Math.floor(ageMs / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min`;
}

function renderIdentity(visitor: Visitor): Html {
  const option = (value: string, selected: string | undefined) =>
    html`<option${value === selected && html` selected`}>${value}</option>`;
  const known = countries.find((country) => country === visitor.country);
  const extra = known === undefined && visitor.country !== undefined ? [visitor.country] : [];
  return html`<form class="filters" method="post" action="/you">
<label class="field">Country<select name="country">${[...extra, ...countries].map((country) => option(country, visitor.country))}</select></label>
<label class="field">Plan<select name="plan">${plans.map((plan) => option(plan, visitor.plan))}</select></label>
<button class="quiet" type="submit">Stay the same visitor</button>
<button type="submit" name="fresh" value="yes">Be a new visitor</button>
</form>`;
}
