import { addressFor, placeOf } from './place';

describe('the address of the broker', () => {
  it.each([
    ['amqp://desk:secret@mq', '/'],
    ['amqp://desk:secret@mq:5672/', '/'],
    ['amqp://desk:secret@mq/support', 'support'],
    ['amqps://desk:secret@mq:5671/%2Fsupport', '/support'],
  ])('%s means the virtual host %s', (url, vhost) => {
    expect(placeOf({ url, prefix: 'x.' })).toEqual({ vhost, prefix: 'x.' });
  });

  it('is given to others with their credentials, never with the product’s', () => {
    const url = 'amqps://desk:secret@mq:5671/support?heartbeat=5';
    expect(addressFor(url, { user: 'a.b', password: 'p/w' })).toBe('amqps://a.b:p%2Fw@mq:5671/support');
    expect(addressFor(url)).toBe('amqps://mq:5671/support');
  });
});
