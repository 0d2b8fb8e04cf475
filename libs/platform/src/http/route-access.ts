import { SetMetadata } from '@nestjs/common';
import type { KeyScope } from '#contracts';

/** Metadata of a route or controller: the scope that its callers' keys need. */
export const REQUIRED_SCOPE = 'helpdesk:project-api-scope';

/** The scope of all changes of the configuration: a key of the test side, which shares it, may not make them. */
export const CONFIGURATION_SCOPE: KeyScope = 'config:write';

/** Metadata of a route or controller that needs no key. */
export const PUBLIC_ROUTE = 'helpdesk:public-route';

/** Marks a route, or all routes of a controller, as open to everybody: no key, no rate limit. */
export function OpenToEverybody(): ClassDecorator & MethodDecorator {
  return SetMetadata(PUBLIC_ROUTE, true);
}
