import { describeWithBroker } from '../support/test-broker';
import { describeFaultPoints } from './fault-points';

describeWithBroker('with events over RabbitMQ', () => {
  describeFaultPoints('rabbitmq');
});
