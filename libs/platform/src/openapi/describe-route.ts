import { applyDecorators, HttpCode, SetMetadata } from '@nestjs/common';
import type { Type } from '@nestjs/common';
import { ApiExtraModels, ApiOperation, ApiResponse } from '@nestjs/swagger';
import type { ErrorCode } from '#contracts';

/** An error whose body has members beside those of every error, for example `current`. */
export interface ErrorWithMembers {
  readonly code: ErrorCode;
  /** What each member is; a class in brackets stands for a list of it. */
  readonly members: Readonly<Record<string, Type | readonly [Type]>>;
}

/** What the API document says of one route. */
export interface RouteDescription {
  /** The operation's name in the generated client, unique in the API. */
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly answer: {
    /** 201 for creation, 204 without a body, else 200 (default). */
    readonly status?: 200 | 201 | 204;
    readonly type?: Type;
    /** Media type and schema of an answer that no class describes, for example a page. */
    readonly content?: { readonly type: string; readonly schema: object; readonly example?: string };
    readonly description: string;
  };
  /** The codes that this route can answer with beside those that its method and parameters bring along. */
  readonly errors?: readonly (ErrorCode | ErrorWithMembers)[];
  /** Bodies that work, by a name for each; without any the document shows one with the required fields. */
  readonly requests?: Readonly<Record<string, RequestExample>>;
}

/** A body as the document shows it. */
export interface RequestExample {
  readonly summary: string;
  readonly value: object;
}

/** Metadata of a route: its {@link RouteDescription}. */
export const ROUTE_DESCRIPTION = 'helpdesk:route-description';

/** Describes a route once: its success status and its part of the API document. */
export function DescribeRoute(route: RouteDescription): MethodDecorator {
  const { operationId, summary, description, answer, errors = [] } = route;
  const { status = 200, type } = answer;
  return applyDecorators(
    HttpCode(status),
    SetMetadata(ROUTE_DESCRIPTION, route),
    ApiOperation({ operationId, summary, description }),
    ApiResponse({ status, description: answer.description, ...(type && { type }) }),
    ApiExtraModels(...errors.flatMap(memberClasses)),
  );
}

function memberClasses(error: ErrorCode | ErrorWithMembers): Type[] {
  return typeof error === 'string' ? [] : Object.values(error.members).flat();
}
