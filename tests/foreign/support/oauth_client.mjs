// A wallet of oauth4webapi, a client library that others wrote: PAR, PKCE, DPoP with nonces, `iss`.

import * as oauth from 'oauth4webapi'
import { holderProof, newKey } from './keys.mjs'

/** The command line's client, which every authority knows. */
export const CLIENT = 'vidimus-cli'
/** Loopback, where any port may be behind it (RFC 8252, 7.3). */
export const REDIRECT = 'http://127.0.0.1:49152/callback'

/** A wallet that this library drives. */
export class OAuthWallet {
  /**
   * @param {string} issuer
   * @param {{ fetch?: typeof fetch, clientId?: string, redirect?: string }} [options]
   */
  static async open(issuer, options = {}) {
    const wallet = new OAuthWallet()
    wallet.issuer = issuer
    wallet.redirect = options.redirect ?? REDIRECT
    wallet.options = { [oauth.allowInsecureRequests]: true }
    if (options.fetch) wallet.options[oauth.customFetch] = options.fetch
    wallet.fetch = options.fetch ?? fetch
    const url = new URL(issuer)
    const said = await oauth.discoveryRequest(url, { algorithm: 'oauth2', ...wallet.options })
    wallet.server = await oauth.processDiscoveryResponse(url, said)
    wallet.client = { client_id: options.clientId ?? CLIENT }
    wallet.keyPair = await oauth.generateKeyPair('ES256')
    wallet.dpop = oauth.DPoP(wallet.client, wallet.keyPair)
    wallet.holder = await newKey()
    return wallet
  }

  get #withProof() {
    return { ...this.options, DPoP: this.dpop }
  }

  /**
   * Asks once more where the server has given a nonce, as RFC 9449 says.
   * @template T
   * @param {() => Promise<T>} ask
   * @returns {Promise<T>}
   */
  async #withNonce(ask) {
    try {
      return await ask()
    } catch (error) {
      if (!oauth.isDPoPNonceError(error)) throw error
      this.nonces = (this.nonces ?? 0) + 1
      return ask()
    }
  }

  /** Pushes a request; the address to open in a browser. @param {object} [more] */
  async push(more = {}) {
    this.verifier = oauth.generateRandomCodeVerifier()
    this.state = oauth.generateRandomState()
    const parameters = new URLSearchParams({
      redirect_uri: this.redirect,
      response_type: 'code',
      scope: 'dl',
      state: this.state,
      code_challenge: await oauth.calculatePKCECodeChallenge(this.verifier),
      code_challenge_method: 'S256',
      ...more,
    })
    const pushed = await this.#withNonce(async () =>
      oauth.processPushedAuthorizationResponse(
        this.server,
        this.client,
        await oauth.pushedAuthorizationRequest(
          this.server,
          this.client,
          oauth.None(),
          parameters,
          this.#withProof,
        ),
      ),
    )
    const url = new URL(this.server.authorization_endpoint)
    url.searchParams.set('client_id', this.client.client_id)
    url.searchParams.set('request_uri', pushed.request_uri)
    return { url: url.href, expiresIn: pushed.expires_in }
  }

  /** Redeems what the browser was sent back with. @param {string} back */
  async redeem(back) {
    const said = oauth.validateAuthResponse(this.server, this.client, new URL(back), this.state)
    this.tokens = await this.#withNonce(async () =>
      oauth.processAuthorizationCodeResponse(
        this.server,
        this.client,
        await oauth.authorizationCodeGrantRequest(
          this.server,
          this.client,
          oauth.None(),
          said,
          this.redirect,
          this.verifier,
          this.#withProof,
        ),
      ),
    )
    return this.tokens
  }

  /** New tokens for the refresh token. */
  async renew() {
    this.tokens = await this.#withNonce(async () =>
      oauth.processRefreshTokenResponse(
        this.server,
        this.client,
        await oauth.refreshTokenGrantRequest(
          this.server,
          this.client,
          oauth.None(),
          this.tokens.refresh_token,
          this.#withProof,
        ),
      ),
    )
    return this.tokens
  }

  /** A request with token and proof: status and JSON. @param {string} path @param {object} body */
  async #ask(path, body) {
    return this.#withNonce(async () => {
      const response = await oauth.protectedResourceRequest(
        this.tokens.access_token,
        'POST',
        new URL(`${this.issuer}${path}`),
        new Headers({ 'content-type': 'application/json' }),
        JSON.stringify(body),
        this.#withProof,
      )
      const text = await response.text()
      return { status: response.status, body: text === '' ? null : JSON.parse(text) }
    })
  }

  /** Asks for the credential; 202 where it is put off. */
  async credential() {
    const nonce = await this.fetch(`${this.issuer}/nonce`, { method: 'POST' })
    const { c_nonce: c } = await nonce.json()
    const proof = await holderProof(this.holder, { issuer: this.issuer, nonce: c })
    return this.#ask('/credential', { credential_configuration_id: 'dl', proofs: { jwt: [proof] } })
  }

  /** Asks for one that was put off. @param {string} transaction */
  deferred(transaction) {
    return this.#ask('/deferred_credential', { transaction_id: transaction })
  }
}
