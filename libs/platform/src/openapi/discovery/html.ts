/** Text as HTML shows it. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** Text with `code` between backticks, as HTML. */
export function inlineMarkdown(text: string): string {
  return escapeHtml(text).replace(/`([^`]+)`/g, '<code>$1</code>');
}

/** What a page of the API consists of. */
export interface Page {
  readonly title: string;
  /** Path of the installation, `` or such as `/helpdesk`. */
  readonly basePath: string;
  /** Style sheets and scripts, by their names among the assets. */
  readonly styles: readonly string[];
  readonly scripts?: readonly string[];
  readonly body: string;
}

/** A whole HTML page. It has neither inline scripts nor inline styles. */
export function renderPage({ title, basePath, styles, scripts = [], body }: Page): string {
  const assets = `${escapeHtml(basePath)}/docs/assets`;
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeHtml(title)}</title>`,
    `<link rel="icon" type="image/png" href="${assets}/favicon-32x32.png">`,
    ...styles.map((name) => `<link rel="stylesheet" href="${assets}/${name}">`),
    ...scripts.map((name) => `<script defer src="${assets}/${name}"></script>`),
    '</head>',
    `<body>`,
    body,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}
