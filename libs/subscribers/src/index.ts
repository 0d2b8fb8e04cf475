export { FindSubscribers } from './find-subscribers/find-subscribers.query';
export type { SubscriberFilter, SubscriberPage } from './find-subscribers/find-subscribers.query';
export { SubscribeCustomer } from './subscribe-customer/subscribe-customer.use-case';
export type { CustomerIdentity, SubscriptionCause } from './subscribe-customer/subscribe-customer.use-case';
export { SubscribersModule } from './subscribers.module';
