import { Catch, Logger } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import { DomainError } from '#contracts';
import { classifyError } from './classify-error';
import { answerOf, sendError } from './error-body';
import type { ApiRequest, ApiResponseMessage } from './project-request';
import type { RouteTable } from './route-table';

/** Turns everything that is thrown into the error envelope, and logs what the caller is not told. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger('http');

  constructor(
    private readonly publicUrl: string,
    private readonly routes: () => RouteTable,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(thrown, http.getRequest<ApiRequest>(), http.getResponse<ApiResponseMessage>());
  }

  /** Answers; also used for what fails before Nest's own handling begins. */
  answer(thrown: unknown, request: ApiRequest, response: ApiResponseMessage): void {
    const error = this.refine(classifyError(thrown), request, response);
    if (error.code === 'internal_error' || error.code === 'platform_busy') {
      const stack = thrown instanceof Error ? thrown.stack : String(thrown);
      this.logger.error({
        event: 'http.failed',
        code: error.code,
        method: request.method,
        route: request.routePattern,
        stack,
      });
    }
    if (response.headersSent) {
      response.end();
      return;
    }
    sendError(response, answerOf(error, request.requestId ?? '', this.publicUrl));
  }

  /** An address that exists for other methods is 405 instead of 404. */
  private refine(error: DomainError, request: ApiRequest, response: ApiResponseMessage): DomainError {
    if (error.code !== 'not_found') {
      return error;
    }
    const allowed = this.routes().methodsOf(request.url ?? '');
    if (allowed.length === 0 || allowed.includes(request.method ?? '')) {
      return error;
    }
    response.setHeader('Allow', allowed.join(', '));
    return new DomainError(
      'method_not_allowed',
      `This address knows ${allowed.join(', ')}, but not ${request.method}.`,
    );
  }
}
