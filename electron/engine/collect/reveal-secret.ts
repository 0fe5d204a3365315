import type { Secret } from '../config/configuration.ts';
import type { SecretReading } from '../config/secret.ts';

/** Reads a secret at the moment of use. The value must not be kept, logged or shown. */
export type RevealSecret = (secret: Secret) => Promise<SecretReading>;
