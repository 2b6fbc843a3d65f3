// Keys and JWTs by the browser's own cryptography: what a phone would hold in hardware.

import { webcrypto } from 'node:crypto'

const { subtle } = webcrypto
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' }
const SIGNATURE = { name: 'ECDSA', hash: 'SHA-256' }

/** @param {Uint8Array | string} data */
export const base64url = (data) => Buffer.from(data).toString('base64url')

/** A new P-256 key pair with its public JWK. */
export async function newKey() {
  const pair = await subtle.generateKey(ALGORITHM, false, ['sign', 'verify'])
  const { kty, crv, x, y } = await subtle.exportKey('jwk', pair.publicKey)
  return { ...pair, jwk: { kty, crv, x, y } }
}

/**
 * A compact JWS by ES256.
 * @param {CryptoKey} key @param {object} header @param {object} payload
 */
export async function sign(key, header, payload) {
  const input = [header, payload].map((part) => base64url(JSON.stringify(part))).join('.')
  const signature = await subtle.sign(SIGNATURE, key, Buffer.from(input))
  return `${input}.${base64url(new Uint8Array(signature))}`
}

/** Whether a compact JWS is by this public JWK. @param {string} jwt @param {JsonWebKey} jwk */
export async function isBy(jwt, jwk) {
  const [header, payload, signature] = jwt.split('.')
  const edwards = jwk.kty === 'OKP'
  const algorithm = edwards ? { name: 'Ed25519' } : ALGORITHM
  const bare = { kty: jwk.kty, crv: jwk.crv, x: jwk.x, y: jwk.y }
  const key = await subtle.importKey('jwk', bare, algorithm, false, ['verify'])
  const bytes = Buffer.from(signature, 'base64url')
  const input = Buffer.from(`${header}.${payload}`)
  return subtle.verify(edwards ? algorithm : SIGNATURE, key, bytes, input)
}

/** Header and payload of a compact JWS. @param {string} jwt */
export function parts(jwt) {
  const [header, payload] = jwt.split('.')
  return [header, payload].map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()))
}

/** SHA-256 of a text, base64url. @param {string} text */
export async function hash(text) {
  return base64url(new Uint8Array(await subtle.digest('SHA-256', Buffer.from(text))))
}

/**
 * A DPoP proof (RFC 9449).
 * @param {{ privateKey: CryptoKey, jwk: JsonWebKey }} key
 * @param {{ method: string, url: string, nonce?: string, token?: string, jti?: string, iat?: number }} of
 */
export async function dpop(key, of) {
  const payload = {
    jti: of.jti ?? crypto.randomUUID(),
    htm: of.method,
    htu: of.url,
    iat: of.iat ?? Math.floor(Date.now() / 1000),
  }
  if (of.nonce !== undefined) payload.nonce = of.nonce
  if (of.token !== undefined) payload.ath = await hash(of.token)
  return sign(key.privateKey, { typ: 'dpop+jwt', alg: 'ES256', jwk: key.jwk }, payload)
}

/**
 * A proof of possession of the holder key (OpenID4VCI 1.0, appendix F.1).
 * @param {{ privateKey: CryptoKey, jwk: JsonWebKey }} key
 * @param {{ issuer: string, nonce: string }} of
 */
export function holderProof(key, of) {
  const iat = Math.floor(Date.now() / 1000)
  const header = { typ: 'openid4vci-proof+jwt', alg: 'ES256', jwk: key.jwk }
  return sign(key.privateKey, header, { aud: of.issuer, iat, nonce: of.nonce })
}
