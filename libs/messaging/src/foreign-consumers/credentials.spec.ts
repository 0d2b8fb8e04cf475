import { createHash } from 'node:crypto';
import { makePassword } from './credentials';

describe('a new password', () => {
  it('is long, needs no quoting, and is another one each time', () => {
    const made = Array.from({ length: 100 }, () => makePassword().password);
    expect(made.filter((password) => !/^[A-Za-z0-9_-]{32}$/.test(password))).toEqual([]);
    expect(new Set(made).size).toBe(100);
  });

  it('is hashed as RabbitMQ does it: a salt of four bytes, and the SHA-256 of salt and password', () => {
    const { password, hash } = makePassword();
    const bytes = Buffer.from(hash, 'base64');
    const salt = bytes.subarray(0, 4);
    expect(bytes.subarray(4)).toEqual(createHash('sha256').update(salt).update(password).digest());
    expect(bytes).toHaveLength(36);
  });
});
