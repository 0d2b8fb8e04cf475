import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import type { INestApplicationContext, Type } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';

/** One route of the running application. */
export interface Route {
  readonly method: string;
  /** The address with parameters as `:name`, for example `/v1/helpdesk/tickets/:id`. */
  readonly path: string;
  readonly controller: Type;
  readonly handler: string;
}

interface CompiledRoute extends Route {
  readonly pattern: RegExp;
}

/** All routes that the controllers declare, found by their metadata. */
export class RouteTable {
  private constructor(private readonly compiled: readonly CompiledRoute[]) {}

  /** Reads the routes of every controller of the application, in whichever module it is. */
  static of(app: INestApplicationContext): RouteTable {
    const controllers = new Set<Type>();
    for (const module of app.get(ModulesContainer, { strict: false }).values()) {
      for (const { metatype } of module.controllers.values()) {
        if (metatype) {
          controllers.add(metatype as Type);
        }
      }
    }
    return new RouteTable(
      [...controllers].flatMap(routesOf).map((route) => ({ ...route, pattern: compile(route.path) })),
    );
  }

  get routes(): readonly Route[] {
    return this.compiled;
  }

  /** The methods that an address (with or without a query string) has a route for. */
  methodsOf(url: string): string[] {
    const path = url.split('?', 1)[0] ?? '';
    const methods = this.compiled.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method);
    return [...new Set(methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])))];
  }
}

function routesOf(controller: Type): Route[] {
  const bases = asList(Reflect.getMetadata(PATH_METADATA, controller) as string | string[]);
  const prototype = controller.prototype as Record<string, unknown>;
  return Object.getOwnPropertyNames(prototype).flatMap((handler) => {
    const method = prototype[handler];
    // The constructor has a path too, the controller's own, but no method.
    const verb =
      typeof method === 'function' ? (Reflect.getMetadata(METHOD_METADATA, method) as RequestMethod) : undefined;
    if (verb === undefined) {
      return [];
    }
    const paths = asList(Reflect.getMetadata(PATH_METADATA, method as object) as string | string[]);
    return bases.flatMap((base) =>
      paths.map((path) => ({ method: RequestMethod[verb], path: join(base, path), controller, handler })),
    );
  });
}

const asList = (value: string | string[]): string[] => (Array.isArray(value) ? value : [value]);

function join(base: string, path: string): string {
  return `/${base}/${path}`.replace(/\/+/g, '/').replace(/(.)\/$/, '$1');
}

/** Like the router: whatever the case, with or without a last slash. */
function compile(path: string): RegExp {
  const source = path
    .split('/')
    .map((part) => (part.startsWith(':') ? '[^/]+' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))
    .join('/');
  return new RegExp(`^${source}/?$`, 'i');
}
