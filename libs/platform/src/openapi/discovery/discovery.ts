import { Inject, Injectable } from '@nestjs/common';
import type { ApiDocument } from '../api-document';
import { renderErrorPage } from './error-page';
import { renderLlmsText } from './llms-text';
import { renderReferencePage } from './reference-page';

/** Injects what makes the {@link ApiDocument} of the running application. */
export const API_DOCUMENT = Symbol('api-document');

/** The texts in which the API describes itself, each made at its first request. */
@Injectable()
export class Discovery {
  private document?: ApiDocument;
  private json?: string;

  constructor(@Inject(API_DOCUMENT) private readonly describe: () => ApiDocument) {}

  /** The OpenAPI document as JSON. */
  openApi(): string {
    return (this.json ??= JSON.stringify(this.read()));
  }

  referencePage(): string {
    return renderReferencePage(this.basePath());
  }

  errorPage(): string {
    return renderErrorPage(this.basePath());
  }

  llmsText(): string {
    return renderLlmsText(this.read());
  }

  private read(): ApiDocument {
    return (this.document ??= this.describe());
  }

  /** The path below which the installation is reached, without a slash at its end. */
  private basePath(): string {
    return new URL(this.read().servers[0]?.url ?? '/', 'http://localhost').pathname.replace(/\/$/, '');
  }
}
