import { applyDecorators, createParamDecorator, SetMetadata, UseGuards } from '@nestjs/common';
import type { ExecutionContext } from '@nestjs/common';
import { ApiBearerAuth } from '@nestjs/swagger';
import type { Actor, KeyScope } from '#contracts';
import type { ProjectScope } from '#database';
import { OpenToEverybody, PUBLIC_ROUTE, REQUIRED_SCOPES } from '#platform';
import type { ApiRequest } from '#platform';
import { ProjectApiGuard } from './project-api.guard';

/**
 * Opens a route, or all routes of a controller, to project keys that have one of the scopes: authentication, rate limit, scope, and
 * the key's place in the API document. A route's own scopes go before its controller's.
 */
export function ProjectApi(...scopes: readonly [KeyScope, ...KeyScope[]]): ClassDecorator & MethodDecorator {
  return applyDecorators(
    SetMetadata(REQUIRED_SCOPES, scopes),
    SetMetadata(PUBLIC_ROUTE, false),
    UseGuards(ProjectApiGuard),
    ApiBearerAuth('apiKey'),
  );
}

/** Marks a route, or all routes of a controller, as open to everybody. Every route carries this or {@link ProjectApi}. */
export const Public = OpenToEverybody;

/** Injects the side of the project on whose behalf the request acts. */
export const CurrentProject = createParamDecorator(
  (_data: unknown, context: ExecutionContext): ProjectScope => authenticatedRequest(context).projectScope,
);

/** Injects who acts: for history and events. */
export const CurrentActor = createParamDecorator(
  (_data: unknown, context: ExecutionContext): Actor => authenticatedRequest(context).actor,
);

function authenticatedRequest(context: ExecutionContext): Required<Pick<ApiRequest, 'projectScope' | 'actor'>> {
  const { projectScope, actor } = context.switchToHttp().getRequest<ApiRequest>();
  if (!projectScope || !actor) {
    throw new Error(`${context.getClass().name}.${context.getHandler().name} lacks @ProjectApi().`);
  }
  return { projectScope, actor };
}
