import { escapeHtml, renderPage } from './html';

/** The reference of the API for people: Swagger UI over the document that this very process serves. */
export function renderReferencePage(basePath: string): string {
  return renderPage({
    title: 'Helpdesk API',
    basePath,
    styles: ['swagger-ui.css', 'pages.css'],
    scripts: ['swagger-ui-bundle.js', 'reference.js'],
    body: `<div id="reference" data-base-path="${escapeHtml(basePath)}"></div>\n<noscript><main><p>The reference needs JavaScript. The same in JSON: <a href="${escapeHtml(basePath)}/openapi.json">openapi.json</a>.</p></main></noscript>`,
  });
}
