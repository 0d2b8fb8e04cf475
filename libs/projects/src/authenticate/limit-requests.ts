import { Inject, Injectable } from '@nestjs/common';
import { DomainError } from '#contracts';
import { ENVIRONMENT, RateLimiter, WINDOW_SECONDS } from '#platform';
import type { Environment } from '#platform';
import type { AuthenticatedKey } from './authenticated-key';

/** What a request's answer says of the limit (draft-ietf-httpapi-ratelimit-headers), and whether the request may go on. */
export interface LimitedRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly refusal: DomainError | null;
}

const UNLIMITED: LimitedRequest = { headers: {}, refusal: null };

/** Counts a key's request against its project's limit, each side by itself. */
@Injectable()
export class LimitRequests {
  constructor(
    private readonly limiter: RateLimiter,
    @Inject(ENVIRONMENT) private readonly environment: Pick<Environment, 'RATE_LIMIT_PER_MINUTE'>,
  ) {}

  async execute({ project, rateLimitPerMinute }: AuthenticatedKey): Promise<LimitedRequest> {
    const limit = rateLimitPerMinute ?? this.environment.RATE_LIMIT_PER_MINUTE;
    const decision = await this.limiter.take(project.projectId, limit);
    if (!decision) {
      return UNLIMITED;
    }
    const headers = {
      'RateLimit-Policy': `"default";q=${limit};w=${WINDOW_SECONDS}`,
      RateLimit: `"default";r=${decision.remaining};t=${decision.resetSeconds}`,
    };
    return { headers, refusal: decision.allowed ? null : tooMany(limit, decision.retryAfterSeconds) };
  }
}

function tooMany(limit: number, seconds: number): DomainError {
  return new DomainError(
    'rate_limit_project',
    `The project has used up its ${limit} requests a minute. Try again in ${seconds} s.`,
    { retryAfterSeconds: seconds },
  );
}
