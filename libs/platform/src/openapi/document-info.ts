import type { ApiDocument } from './api-document';
import type { Operation } from './operation';

/** Version of the API's contract: the first number is the one in `/v1`, the second grows with what is added. */
export const API_VERSION = '1.0.0';

const TAGS: readonly { readonly name: string; readonly description: string }[] = [
  { name: 'Tickets', description: 'Opening, finding, answering and changing tickets.' },
  { name: 'Events', description: 'What has happened, in order: the event log, and the bodies of the webhooks.' },
  { name: 'Subscribers', description: 'Customers and the chats in which they are reached.' },
  { name: 'Agents', description: 'Members of the project who answer tickets.' },
  { name: 'Settings', description: 'How the helpdesk behaves: module, messages, SLA, CSAT, business hours.' },
  { name: 'Ticket types', description: 'What tickets can be about.' },
  { name: 'Canned responses', description: 'Prepared answers with variables.' },
  { name: 'Routing rules', description: 'What happens by itself to new tickets, and what would have happened.' },
  { name: 'Configuration history', description: 'Who changed what of the configuration, and when.' },
  { name: 'Reports', description: 'How the project does: service levels, waiting times, ratings.' },
  { name: 'Usage', description: 'How many replies the project has used up.' },
  { name: 'Test side', description: 'What a test key can do beside everything else: empty its side.' },
  { name: 'Discovery', description: 'The API’s descriptions of itself, open to everybody.' },
];

const DESCRIPTION = `Helpdesk is an open, self-hosted, API-first support desk: a customer's message opens a ticket, your team or your code answers, the answer arrives in the same chat.

**Keys.** Send \`Authorization: Bearer <key>\`. A \`zn_live_\` key works on the live side of its project, a \`zn_test_\` key on the test side, which has its own tickets and sends nothing to messengers.

**Errors.** Every refusal and failure has the same envelope (schema \`Error\`). Switch on \`code\`; \`docs_url\` explains it; \`request_id\` finds the request in the log. Fields and query parameters that the API does not know are refused.

**Repeats.** Every POST takes an \`Idempotency-Key\`. Every change of a ticket takes \`If-Match\` with the ticket's version.

**Lists.** \`limit\` (1 to 100, default 50) with \`cursor\`, or with \`offset\` up to 10,000.

**Times** are ISO 8601 in UTC. **Ids** are UUIDs. **Limits**: 300 requests a minute and project unless configured otherwise, bodies up to 256 KiB.`;

type PathItem = Readonly<Record<string, Operation>>;
type Info = Pick<ApiDocument, 'info' | 'servers' | 'tags'>;

/**
 * The document's head, with the tags that its operations use.
 * @throws {Error} when an operation has a tag that is not described here.
 */
export function describeInfo(serverUrl: string, items: readonly PathItem[]): Info {
  const used = new Set(items.flatMap((operations) => Object.values(operations).flatMap(({ tags = [] }) => tags)));
  const undescribed = [...used].find((tag) => !TAGS.some(({ name }) => name === tag));
  if (undescribed) {
    throw new Error(`The tag ${undescribed} has no description: add it to document-info.ts.`);
  }
  return {
    info: {
      title: 'Helpdesk API',
      version: API_VERSION,
      description: DESCRIPTION,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: serverUrl, description: 'This installation.' }],
    tags: TAGS.filter(({ name }) => used.has(name)),
  };
}
