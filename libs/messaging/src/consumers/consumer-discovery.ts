import { Injectable, Logger } from '@nestjs/common';
import type { OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { Subscription } from '../transports/subscription';
import { consumerMetadata } from './consumes';
import type { EventConsumer } from './event-consumer';

const QUEUE_NAME = /^[a-z0-9-]+\.[a-z0-9-]+$/;
const MAX_QUEUE_NAME = 63;

interface BoundConsumer extends Subscription {
  readonly instance: unknown;
  readonly className: string;
}

type Candidate = ReturnType<DiscoveryService['getProviders']>[number];

/** Finds the consumers among the providers of this application's modules. A fault among them stops the boot. */
@Injectable()
export class ConsumerDiscovery implements OnApplicationBootstrap {
  private readonly logger = new Logger('event-path');
  private found: readonly Subscription[] = [];

  constructor(private readonly discovery: DiscoveryService) {}

  /** @throws {Error} naming the class that cannot be a consumer, or the two that want one queue. */
  onApplicationBootstrap(): void {
    const byQueue = new Map<string, BoundConsumer>();
    for (const provider of this.discovery.getProviders()) {
      const bound = bind(provider);
      const other = bound && byQueue.get(bound.consumer);
      if (bound && other && other.instance !== bound.instance) {
        throw new Error(
          `Queue "${bound.consumer}" has two consumers, ${other.className} and ${bound.className}. Give each its own queue, and each class to one module.`,
        );
      }
      if (bound) {
        byQueue.set(bound.consumer, bound);
      }
    }
    for (const { consumer, events, className } of byQueue.values()) {
      this.logger.log({ event: 'consumer.bound', consumer, types: events.map(({ type }) => type), by: className });
    }
    this.found = [...byQueue.values()];
  }

  /** The consumers that {@link onApplicationBootstrap} found. */
  subscriptions(): readonly Subscription[] {
    return this.found;
  }
}

function bind(provider: Candidate): BoundConsumer | undefined {
  const target = classesOf(provider).find((one) => consumerMetadata(one) !== undefined);
  const metadata = target && consumerMetadata(target);
  if (!target || !metadata) {
    return undefined;
  }
  const { queue, events, sideBySide } = metadata;
  const instance: unknown = provider.instance;
  if (!QUEUE_NAME.test(queue) || queue.length > MAX_QUEUE_NAME) {
    throw new Error(
      `${target.name}: "${queue}" is no queue name. Write <app>.<verb-noun>, such as notifier.queue-webhooks.`,
    );
  }
  if (!provider.isDependencyTreeStatic()) {
    throw new Error(`${target.name} consumes events, so it cannot be request-scoped or transient.`);
  }
  if (!isConsumer(instance)) {
    throw new Error(`${target.name} consumes "${queue}" but has no method handle(event, context).`);
  }
  return {
    consumer: queue,
    events,
    sideBySide,
    instance,
    className: target.name,
    handle: (event, context) => instance.handle(event, context),
  };
}

/** The class as declared, or what a factory has made. */
function classesOf({ metatype, instance }: Candidate): ReadonlyArray<{ readonly name: string }> {
  const made: unknown = (instance as object | undefined)?.constructor;
  return [metatype, made].filter((one) => typeof one === 'function');
}

function isConsumer(instance: unknown): instance is EventConsumer {
  return typeof (instance as Partial<EventConsumer> | undefined)?.handle === 'function';
}
