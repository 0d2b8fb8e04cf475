import {
  BadRequestException,
  HttpException,
  InternalServerErrorException,
  NotFoundException,
  PayloadTooLargeException,
  ServiceUnavailableException,
} from '@nestjs/common';
import { DomainError } from '#contracts';
import { classifyError } from './classify-error';

const withCode = (code: string) => Object.assign(new Error('the database says no'), { code });

describe('classifyError', () => {
  it('leaves a refusal as it is', () => {
    const refusal = new DomainError('conflict', 'No.');
    expect(classifyError(refusal)).toBe(refusal);
  });

  it.each<[string, unknown, string]>([
    ['a % that begins nothing', new URIError('URI malformed'), 'bad_request'],
    ['a bad request of the framework', new BadRequestException(), 'bad_request'],
    ['an odd status of the framework', new HttpException('teapot', 418), 'bad_request'],
    ['an unknown address', new NotFoundException(), 'not_found'],
    ['too large a body', new PayloadTooLargeException(), 'payload_too_large'],
    ['a framework that is not ready', new ServiceUnavailableException(), 'platform_busy'],
    ['a framework that failed', new InternalServerErrorException(), 'internal_error'],
    ['a serialization failure', withCode('40001'), 'platform_busy'],
    ['a deadlock', withCode('40P01'), 'platform_busy'],
    ['a lock that was not free in time', withCode('55P03'), 'platform_busy'],
    ['a statement that took too long', withCode('57014'), 'platform_busy'],
    ['a database that shuts down', withCode('57P01'), 'platform_busy'],
    ['a database that starts', withCode('57P03'), 'platform_busy'],
    ['too many connections', withCode('53300'), 'platform_busy'],
    ['a full disk', withCode('53100'), 'platform_busy'],
    ['a broken connection', withCode('08006'), 'platform_busy'],
    ['an idle transaction that was ended', withCode('25P03'), 'platform_busy'],
    ['a refused connection', withCode('ECONNREFUSED'), 'platform_busy'],
    ['a reset connection', withCode('ECONNRESET'), 'platform_busy'],
    ['a pool without a free connection', new Error('timeout exceeded when trying to connect'), 'platform_busy'],
    ['a connection that ended', new Error('Connection terminated unexpectedly'), 'platform_busy'],
    ['a broken constraint', withCode('23505'), 'internal_error'],
    ['a mistake in SQL', withCode('42601'), 'internal_error'],
    ['a code that only looks like one', withCode('540001'), 'internal_error'],
    ['a mistake of ours', new TypeError('x is not a function'), 'internal_error'],
    ['a text', 'oops', 'internal_error'],
    ['nothing', undefined, 'internal_error'],
    ['null', null, 'internal_error'],
  ])('takes %s for what it is', (_what, thrown, code) => {
    expect(classifyError(thrown).code).toBe(code);
  });

  it('tells nothing of what it was', () => {
    for (const thrown of [
      withCode('23505'),
      withCode('40001'),
      new TypeError('secret'),
      new NotFoundException('secret'),
    ]) {
      expect(classifyError(thrown).message).not.toMatch(/secret|database says/);
    }
  });

  it('tells when a repeat makes sense', () => {
    expect(classifyError(withCode('40001')).retryAfterSeconds).toBe(1);
    expect(classifyError(new TypeError('x')).retryAfterSeconds).toBeUndefined();
  });
});
