import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { ERROR_STATUS } from '#contracts';
import type { ErrorCode } from '#contracts';
import { closedSchema } from '../../support/api-document';
import type { TestProject } from '../../support/test-project';
import { startTestService } from '../../support/test-service';
import type { TestService } from '../../support/test-service';
import { RawConnection } from './raw-connection';
import type { RawAnswer } from './raw-connection';

/** Where most of the requests go. */
export const TICKETS = '/v1/helpdesk/tickets';

const ajv = new Ajv2020({ strict: false });
addFormats(ajv);

/** Whether a body is the error envelope, with nothing else in it. */
export const isError = ajv.compile(closedSchema({ $ref: '#/components/schemas/Error' }));

/** A service with one project and one ticket, spoken to over bare connections. */
export class Edge {
  private connection: RawConnection | undefined;

  private constructor(
    private readonly service: TestService,
    readonly project: TestProject,
  ) {}

  static async start(): Promise<Edge> {
    const service = await startTestService();
    const project = await service.createProject();
    await project.createTicket();
    return new Edge(service, project);
  }

  async stop(): Promise<void> {
    await this.service.close();
  }

  /** Fails unless, whatever went before, the service still answers and has stored nothing. */
  async assertUnharmed(): Promise<void> {
    this.connection?.close();
    const { status, body } = await this.project.request<{ total: number }>('GET', TICKETS);
    if (status !== 200 || body.total !== 1) {
      throw new Error(`The list of tickets, which has one, answers ${status} ${JSON.stringify(body)}.`);
    }
  }

  async open(): Promise<RawConnection> {
    this.connection = await RawConnection.open(this.service.url);
    return this.connection;
  }

  /** A request to open a ticket unless another line is given; a header that is empty is left out. */
  request(
    body: string | Buffer,
    headers: Readonly<Record<string, string>> = {},
    line = `POST ${TICKETS} HTTP/1.1`,
  ): Buffer {
    const all: Readonly<Record<string, string>> = {
      Host: 'localhost',
      Authorization: `Bearer ${this.project.liveKey}`,
      'Content-Type': 'application/json',
      'Content-Length': String(Buffer.byteLength(body)),
      ...headers,
    };
    const lines = Object.entries(all)
      .filter(([, value]) => value !== '')
      .map(([name, value]) => `${name}: ${value}\r\n`);
    return Buffer.concat([Buffer.from(`${line}\r\n${lines.join('')}\r\n`), Buffer.from(body)]);
  }

  /** A request without a body. */
  get(address: string, headers: Readonly<Record<string, string>> = {}, method = 'GET'): Buffer {
    return this.request('', { 'Content-Length': '', ...headers }, `${method} ${address} HTTP/1.1`);
  }

  async ask(bytes: Buffer | string): Promise<RawAnswer> {
    const raw = await this.open();
    raw.send(bytes);
    return raw.answer();
  }
}

/** Checks status, envelope and code of a refusal that came over a bare connection. */
export function expectRefusal({ status, headers, body }: RawAnswer, code: ErrorCode): void {
  const parsed = JSON.parse(body) as { readonly code: string };
  expect([status, parsed.code]).toEqual([ERROR_STATUS[code], code]);
  expect(headers['content-type']).toBe('application/json; charset=utf-8');
  expect([isError(parsed), isError.errors]).toEqual([true, null]);
}
