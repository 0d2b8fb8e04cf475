import type { Credentials } from './credentials-file';

/** What the terminal shows when the server is up: where it is, the keys while they are new, and a first request to try. */
export function greeting(url: string, credentialsPath: string, created: Credentials | undefined): string {
  const lines = created ? withKeys(url, credentialsPath, created) : withoutKeys(url, credentialsPath);
  return `\n${lines.map((line) => (line === '' ? '' : `  ${line}`)).join('\n')}\n\n`;
}

function withKeys(url: string, credentialsPath: string, { slug, live_key, test_key }: Credentials): string[] {
  return [
    `Helpdesk is running at ${url}`,
    '',
    `project    ${slug}`,
    `live key   ${live_key}`,
    `test key   ${test_key}`,
    `           (kept in ${credentialsPath}; shown this one time)`,
    '',
    `reference  ${url}/docs`,
    '',
    'Open a ticket:',
    '',
    `curl -X POST ${url}/v1/helpdesk/tickets \\`,
    `  -H 'Authorization: Bearer ${live_key}' \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d '{"subject": "Cannot pay", "text": "The card is declined"}'`,
  ];
}

function withoutKeys(url: string, credentialsPath: string): string[] {
  return [
    `Helpdesk is running at ${url}`,
    '',
    `reference  ${url}/docs`,
    `keys       ${credentialsPath}, or a new one: npx helpdesk key create --project <slug>`,
  ];
}
