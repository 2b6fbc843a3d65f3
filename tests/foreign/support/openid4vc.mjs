// What @openid4vc asks its user for: cryptography, and who the client is.

import { webcrypto } from 'node:crypto'
import { clientAuthenticationNone, setGlobalConfig } from '@openid4vc/oauth2'
import { isBy, sign } from './keys.mjs'

// The authority of the tests is on loopback, without TLS.
setGlobalConfig({ allowInsecureUrls: true })

const HASHES = { 'sha-256': 'SHA-256', 'sha-384': 'SHA-384', 'sha-512': 'SHA-512' }

/**
 * Callbacks that sign with the keys that were given to them.
 * @param {Awaited<ReturnType<import('./keys.mjs').newKey>>[]} keys
 * @param {{ clientId?: string, fetch?: typeof fetch }} [options]
 */
export function callbacks(keys, options = {}) {
  return {
    fetch: options.fetch ?? fetch,
    hash: async (data, algorithm) =>
      new Uint8Array(await webcrypto.subtle.digest(HASHES[algorithm], data)),
    generateRandom: (length) => webcrypto.getRandomValues(new Uint8Array(length)),
    signJwt: async (signer, { header, payload }) => {
      const key = keys.find((it) => it.jwk.x === signer.publicJwk?.x)
      if (!key) throw new Error('no key for this signer')
      return { jwt: await sign(key.privateKey, header, payload), signerJwk: key.jwk }
    },
    verifyJwt: async (signer, { compact }) => ({
      verified: await isBy(compact, signer.publicJwk),
      signerJwk: signer.publicJwk,
    }),
    encryptJwe: async () => {
      throw new Error('nothing is encrypted here')
    },
    decryptJwe: async () => {
      throw new Error('nothing is encrypted here')
    },
    clientAuthentication: options.clientAuthentication ??
      clientAuthenticationNone({ clientId: options.clientId ?? 'vidimus-cli' }),
  }
}

/** A key as this library names signers. @param {{ jwk: JsonWebKey }} key */
export const signer = (key) => ({ method: 'jwk', alg: 'ES256', publicJwk: key.jwk })
