import { Controller, Delete, Get, Module, Param, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { INestApplicationContext } from '@nestjs/common';
import { RouteTable } from './route-table';

@Controller('v1/things')
class ThingsController {
  @Get()
  list(): void {}

  @Post()
  create(): void {}

  @Get('by.name/:name')
  byName(@Param('name') _name: string): void {}

  @Delete(':id')
  remove(@Param('id') _id: string): void {}

  helper(): void {}
}

@Controller(['a', 'b'])
class TwiceController {
  @Get(['x', 'y/'])
  get(): void {}
}

@Module({ controllers: [TwiceController] })
class InnerModule {}

@Module({ imports: [InnerModule], controllers: [ThingsController] })
class OuterModule {}

describe('RouteTable', () => {
  let app: INestApplicationContext;
  let table: RouteTable;

  beforeAll(async () => {
    app = await NestFactory.createApplicationContext(OuterModule, { logger: false });
    table = RouteTable.of(app);
  });
  afterAll(() => app.close());

  it('has every route of every controller, in whichever module', () => {
    expect(
      table.routes.map(({ method, path, controller, handler }) => [method, path, controller.name, handler]),
    ).toEqual(
      expect.arrayContaining([
        ['GET', '/v1/things', 'ThingsController', 'list'],
        ['POST', '/v1/things', 'ThingsController', 'create'],
        ['GET', '/v1/things/by.name/:name', 'ThingsController', 'byName'],
        ['DELETE', '/v1/things/:id', 'ThingsController', 'remove'],
        ['GET', '/a/x', 'TwiceController', 'get'],
        ['GET', '/a/y', 'TwiceController', 'get'],
        ['GET', '/b/x', 'TwiceController', 'get'],
        ['GET', '/b/y', 'TwiceController', 'get'],
      ]),
    );
    expect(table.routes).toHaveLength(8);
  });

  it.each([
    ['/v1/things', ['GET', 'HEAD', 'POST']],
    ['/v1/things/', ['GET', 'HEAD', 'POST']],
    ['/v1/things?limit=1', ['GET', 'HEAD', 'POST']],
    ['/V1/Things', ['GET', 'HEAD', 'POST']],
    ['/v1/things/7', ['DELETE']],
    ['/v1/things/by.name/ann', ['GET', 'HEAD']],
    ['/v1/things/byxname/ann', []],
    ['/v1/things/7/more', []],
    ['/v1', []],
    ['/', []],
  ])('knows the methods of %s', (url, methods) => {
    expect(table.methodsOf(url)).toEqual(methods);
  });
});
