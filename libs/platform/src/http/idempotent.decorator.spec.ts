import { Controller, Get, Module, Post } from '@nestjs/common';
import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { UnitOfWork } from '#database';
import { assertPostsAreIdempotent, Idempotent } from './idempotent.decorator';
import { OpenToEverybody } from './route-access';
import { RouteTable } from './route-table';

@Controller('things')
class CarefulController {
  @Get()
  list(): void {}

  @Post()
  @Idempotent()
  create(): void {}

  @Post('sign-in')
  @OpenToEverybody()
  signIn(): void {}
}

@Controller('others')
class ForgetfulController {
  @Post()
  create(): void {}
}

async function routesOf(controller: Type): Promise<RouteTable['routes']> {
  // The routes alone are looked at: nothing runs, so nothing needs a database.
  @Module({ controllers: [controller], providers: [{ provide: UnitOfWork, useValue: {} }] })
  class TestModule {}
  const app = await NestFactory.create(TestModule, { logger: false, preview: true, abortOnError: false });
  return RouteTable.of(app).routes;
}

describe('assertPostsAreIdempotent', () => {
  it('is content when every POST with a key says so; a public one needs not', async () => {
    const routes = await routesOf(CarefulController);
    expect(routes).toHaveLength(3);
    expect(() => assertPostsAreIdempotent(routes)).not.toThrow();
  });

  it('names the one that does not', async () => {
    const routes = await routesOf(ForgetfulController);
    expect(() => assertPostsAreIdempotent(routes)).toThrow('add @Idempotent() to ForgetfulController.create');
  });
});
