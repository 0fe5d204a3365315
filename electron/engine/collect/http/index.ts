export { createHttpClient } from './http-client.ts';
export { createTokenSource } from './oauth2-token.ts';
