import { SetMetadata } from '@nestjs/common';

/** Metadata of a route or controller: the scope that its callers' keys need. */
export const REQUIRED_SCOPE = 'helpdesk:project-api-scope';

/** Metadata of a route or controller that needs no key. */
export const PUBLIC_ROUTE = 'helpdesk:public-route';

/** Marks a route, or all routes of a controller, as open to everybody: no key, no rate limit. */
export function OpenToEverybody(): ClassDecorator & MethodDecorator {
  return SetMetadata(PUBLIC_ROUTE, true);
}
