import { createHash, randomBytes } from 'node:crypto';

/** A user's password: shown once, and sent to the broker only as a hash. */
export interface NewPassword {
  readonly password: string;
  /** As RabbitMQ keeps it: base64 of four random bytes and the SHA-256 of these and the password. */
  readonly hash: string;
}

/** The name that RabbitMQ has for the way in which {@link NewPassword.hash} is made. */
export const HASHING = 'rabbit_password_hashing_sha256';

const SALT_BYTES = 4;

/** 192 random bits, of letters, digits, `-` and `_`. */
export function makePassword(): NewPassword {
  const password = randomBytes(24).toString('base64url');
  const salt = randomBytes(SALT_BYTES);
  const digest = createHash('sha256').update(salt).update(password).digest();
  return { password, hash: Buffer.concat([salt, digest]).toString('base64') };
}
