import { SetMetadata } from '@nestjs/common';
import type { KeyScope } from '#contracts';

/** Metadata of a route or controller: the scopes of which its callers' keys need one. */
export const REQUIRED_SCOPES = 'helpdesk:project-api-scopes';

/** The scope of all changes of the configuration: a key of the test side, which shares it, may not make them. */
export const CONFIGURATION_SCOPE: KeyScope = 'config:write';

/** Metadata of a route or controller that needs no key. */
export const PUBLIC_ROUTE = 'helpdesk:public-route';

/** Marks a route, or all routes of a controller, as open to everybody: no key, no rate limit. */
export function OpenToEverybody(): ClassDecorator & MethodDecorator {
  return SetMetadata(PUBLIC_ROUTE, true);
}
