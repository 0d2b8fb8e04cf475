import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import helmet from 'helmet';
import type { ApiRequest, ApiResponseMessage } from './project-request';

/**
 * The API shows nothing in a browser; pages of its own (the reference) loosen this for themselves. The headers are the same for
 * every answer, so helmet is asked once.
 */
export function securityHeaders() {
  const headers = Object.entries({ 'cache-control': 'no-store', ...helmetHeaders() });
  return (_request: ApiRequest, response: ApiResponseMessage, next: () => void): void => {
    for (const [name, value] of headers) {
      response.setHeader(name, value);
    }
    next();
  };
}

function helmetHeaders(): Record<string, string> {
  const protect = helmet({
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    strictTransportSecurity: false,
  });
  const request = new IncomingMessage(new Socket());
  const response = new ServerResponse(request);
  protect(request, response, (error) => {
    if (error) {
      throw error;
    }
  });
  return response.getHeaders() as Record<string, string>;
}
