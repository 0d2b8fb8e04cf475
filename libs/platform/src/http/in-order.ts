import type { ApiRequest, ApiResponseMessage } from './project-request';

/** A step on the way of every request. */
export type Middleware = (request: ApiRequest, response: ApiResponseMessage, next: (error?: unknown) => void) => void;

/** Several steps as one: Express looks at the address anew for every middleware that it knows. An error skips the rest. */
export function inOrder(...steps: readonly Middleware[]): Middleware {
  return (request, response, next) => {
    const go = (index: number): void => {
      const step = steps[index];
      if (!step) {
        next();
        return;
      }
      step(request, response, (error) => (error === undefined ? go(index + 1) : next(error)));
    };
    go(0);
  };
}
