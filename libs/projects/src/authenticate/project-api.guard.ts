import { Injectable } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { DomainError } from '#contracts';
import type { KeyScope } from '#contracts';
import { CONFIGURATION_SCOPE, PUBLIC_ROUTE, REQUIRED_SCOPES, UndeclaredInput } from '#platform';
import type { ApiRequest, ApiResponseMessage } from '#platform';
import { AuthenticateKey } from './authenticate-key.use-case';
import type { AuthenticatedKey } from './authenticated-key';
import { LimitRequests } from './limit-requests';

/**
 * Lets in requests with a key of the right scope, within their project's rate limit, that bring nothing which their route does
 * not take, and notes on whose behalf they act. What is refused for its scope counts against the limit like any other request.
 */
@Injectable()
export class ProjectApiGuard implements CanActivate {
  private readonly undeclaredInput = new UndeclaredInput();

  constructor(
    private readonly reflector: Reflector,
    private readonly authenticateKey: AuthenticateKey,
    private readonly limitRequests: LimitRequests,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const targets = [context.getHandler(), context.getClass()];
    const http = context.switchToHttp();
    const request = http.getRequest<ApiRequest>();
    // A guard on the controller and one on the route count a request once.
    if (request.projectScope || this.reflector.getAllAndOverride<boolean>(PUBLIC_ROUTE, targets)) {
      return true;
    }
    const { authorization } = request.headers;
    const key = await this.authenticateKey.execute(authorization);
    request.projectScope = key.project;
    request.actor = key.actor;
    request.keyId = key.id;
    request.isStillAllowed = () => this.isValid(authorization);
    await this.limit(key, http.getResponse<ApiResponseMessage>());
    const scopes = this.reflector.getAllAndOverride<readonly KeyScope[]>(REQUIRED_SCOPES, targets);
    assertScope(key, scopes);
    assertSide(key, scopes);
    this.undeclaredInput.refuse(context);
    return true;
  }

  private async isValid(authorization: string | undefined): Promise<boolean> {
    try {
      await this.authenticateKey.execute(authorization);
      return true;
    } catch (error) {
      if (error instanceof DomainError) {
        return false;
      }
      throw error;
    }
  }

  private async limit(key: AuthenticatedKey, response: ApiResponseMessage): Promise<void> {
    const { headers, refusal } = await this.limitRequests.execute(key);
    for (const [name, value] of Object.entries(headers)) {
      response.setHeader(name, value);
    }
    if (refusal) {
      throw refusal;
    }
  }
}

/** The configuration is the live project's: its test side has it too, but for reading. */
function assertSide({ project }: AuthenticatedKey, needed: readonly KeyScope[]): void {
  if (project.isTest && needed.includes(CONFIGURATION_SCOPE)) {
    throw new DomainError(
      'test_key_forbidden',
      'The configuration belongs to the live side and counts for both. Change it with the project’s zn_live_ key.',
    );
  }
}

function assertScope({ scopes }: AuthenticatedKey, needed: readonly KeyScope[]): void {
  if (!needed.some((scope) => scopes.includes(scope))) {
    const names = needed.join(' or ');
    throw new DomainError(
      'insufficient_scope',
      `This API key lacks the scope ${names}; it has ${scopes.join(', ')}. Use a key with ${names}.`,
    );
  }
}
