import { ERROR_STATUS, RETRYABLE_CODES } from '#contracts';
import type { ErrorCode } from '#contracts';
import { ERROR_GUIDE } from '../error-guide';
import { inlineMarkdown, renderPage } from './html';

/** The page that `docs_url` of an error leads to: every code with its meaning and what to do, each at its anchor. */
export function renderErrorPage(basePath: string): string {
  const codes = Object.keys(ERROR_STATUS) as ErrorCode[];
  return renderPage({
    title: 'Errors of the Helpdesk API',
    basePath,
    styles: ['pages.css'],
    body: [
      '<main>',
      '<h1>Errors</h1>',
      '<p>Every refusal and failure has the same form: <code>error</code> is a sentence for people, <code>code</code> is for programs, <code>request_id</code> finds the request in the log.</p>',
      ...codes.map(renderCode),
      '</main>',
    ].join('\n'),
  });
}

function renderCode(code: ErrorCode): string {
  const { meaning, remedy } = ERROR_GUIDE[code];
  return [
    `<section id="${code}">`,
    `<h2><a href="#${code}"><code>${code}</code></a> <small>${ERROR_STATUS[code]}</small></h2>`,
    `<p>${inlineMarkdown(meaning)}</p>`,
    `<p><strong>What to do:</strong> ${inlineMarkdown(remedy)}</p>`,
    RETRYABLE_CODES.includes(code) ? '<p>The same request may succeed later.</p>' : '',
    '</section>',
  ].join('\n');
}
