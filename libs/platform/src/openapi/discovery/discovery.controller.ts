import { Controller, Get, Header, Param, StreamableFile } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiTags } from '@nestjs/swagger';
import { JSON_TEXT } from '../../http/versioned-text';
import { OpenToEverybody } from '../../http/route-access';
import { DescribeRoute } from '../describe-route';
import { Discovery } from './discovery';
import { readPageAsset } from './page-assets';

const HTML = 'text/html; charset=utf-8';
const PLAIN = 'text/plain; charset=utf-8';

/** What the pages may load: their own scripts, styles and images, and the document. React sets styles on elements. */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The API's descriptions of itself, for programs, people and AI agents. */
@ApiTags('Discovery')
@OpenToEverybody()
@Controller()
export class DiscoveryController {
  constructor(private readonly discovery: Discovery) {}

  @Get('openapi.json')
  @Header('Content-Type', JSON_TEXT)
  @DescribeRoute({
    operationId: 'getApiDocument',
    summary: 'Get this document',
    description: 'Returns the OpenAPI 3.1 document of this API.',
    answer: {
      description: 'The document.',
      content: { type: 'application/json', schema: { type: 'object', additionalProperties: true } },
    },
  })
  openApi(): string {
    return this.discovery.openApi();
  }

  @Get('llms.txt')
  @Header('Content-Type', PLAIN)
  @DescribeRoute({
    operationId: 'getLlmsText',
    summary: 'Get the API in plain text',
    description: 'Returns what an AI agent needs to know of the API, in a form of a few thousand characters.',
    answer: { description: 'The text, in Markdown.', content: { type: 'text/plain', schema: { type: 'string' } } },
  })
  llmsText(): string {
    return this.discovery.llmsText();
  }

  @Get('docs')
  @Header('Content-Type', HTML)
  @Header('Content-Security-Policy', PAGE_POLICY)
  @DescribeRoute({
    operationId: 'getReferencePage',
    summary: 'Open the reference',
    description: 'Returns the reference of the API as a page, to read and to try.',
    answer: { description: 'The page.', content: { type: 'text/html', schema: { type: 'string' } } },
  })
  referencePage(): string {
    return this.discovery.referencePage();
  }

  @Get('docs/errors')
  @Header('Content-Type', HTML)
  @Header('Content-Security-Policy', PAGE_POLICY)
  @DescribeRoute({
    operationId: 'getErrorPage',
    summary: 'Open the explanations of the errors',
    description:
      'Returns a page that explains every error code; `docs_url` of an error leads to the place of its code.',
    answer: { description: 'The page.', content: { type: 'text/html', schema: { type: 'string' } } },
  })
  errorPage(): string {
    return this.discovery.errorPage();
  }

  @Get('docs/assets/:name')
  @Header('Cache-Control', 'public, max-age=3600')
  @ApiExcludeEndpoint()
  async asset(@Param('name') name: string): Promise<StreamableFile> {
    const { type, content } = await readPageAsset(name);
    return new StreamableFile(content, { type, length: content.length });
  }
}
