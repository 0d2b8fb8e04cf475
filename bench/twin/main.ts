import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { Module, ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Pool } from 'pg';
import { TicketsController } from './tickets.controller';

/** Started by the benchmark with the database's address; says on which port it listens, and ends with the benchmark. */
async function main(databaseUrl: string): Promise<void> {
  const pool = new Pool({ connectionString: databaseUrl, max: 16 });
  @Module({ controllers: [TicketsController], providers: [{ provide: Pool, useValue: pool }] })
  class TwinModule {}
  const app = await NestFactory.create<NestExpressApplication>(TwinModule, { logger: ['error'] });
  app.disable('x-powered-by').set('etag', false);
  app.useGlobalPipes(new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true, transform: true }));
  await app.listen(0, '127.0.0.1');
  process.once('SIGTERM', () => process.exit(0));
  process.once('disconnect', () => process.exit(0));
  process.send?.({ port: ((app.getHttpServer() as Server).address() as AddressInfo).port });
}

void main(process.argv[2] ?? '');
