import { Module } from '@nestjs/common';
import { FindSubscribers } from './find-subscribers/find-subscribers.query';
import { SubscribeCustomer } from './subscribe-customer/subscribe-customer.use-case';

/** Customers' chats with a project, and their consent to be written to. */
@Module({ providers: [FindSubscribers, SubscribeCustomer], exports: [FindSubscribers, SubscribeCustomer] })
export class SubscribersModule {}
