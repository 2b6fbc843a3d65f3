// An issuer that others wrote: @openid4vc's authorization server and issuer, at the address of an
// authority of ours. It checks every request of a wallet by that library. The library cannot make
// a credential of our format: that is fetched from our authority, which listens at the other
// loopback address of the same name, with the wallet's own proof.

import { Oauth2AuthorizationServer, Oauth2ResourceServer, Oauth2ServerErrorResponseError } from '@openid4vc/oauth2'
import { Openid4vciIssuer } from '@openid4vc/openid4vci'
import { Authority } from './authority.mjs'
import { newKey, parts } from './keys.mjs'
import { callbacks, signer } from './openid4vc.mjs'
import { answer, bodyOf, send, serve } from './web.mjs'

const PRE_AUTHORIZED = 'urn:ietf:params:oauth:grant-type:pre-authorized_code'

/** The addresses of `localhost`, in the order in which a wallet tries them here. */
const [FIRST, OTHER] = ['127.0.0.1', '[::1]']

export class ForeignIssuer {
  /** What it was asked, in order: a line each. */
  asked = []
  /** Requests by their `request_uri`, and by their code. */
  #pushed = new Map()
  /** How often a credential is put off before it is there. */
  waits = 0

  static async open() {
    const issuer = new ForeignIssuer()
    issuer.authority = await Authority.open({ host: 'localhost', listen: OTHER })
    issuer.issuer = issuer.authority.issuer
    issuer.root = issuer.authority.root
    issuer.key = await newKey()
    const calls = callbacks([issuer.key], { fetch: (url) => issuer.#ownKeys(url) })
    issuer.oauth = new Oauth2AuthorizationServer({ callbacks: calls })
    issuer.resources = new Oauth2ResourceServer({ callbacks: calls })
    issuer.vci = new Openid4vciIssuer({ callbacks: calls })
    issuer.#describe()
    const port = issuer.authority.port
    issuer.server = await serve((incoming, response) => issuer.#handle(incoming, response), {
      host: FIRST,
      port,
    })
    return issuer
  }

  async close() {
    await this.server.close()
    await this.authority.close()
  }

  /** An offer of the pre-authorized code, by the library. */
  async offer() {
    const preAuthorized = { 'pre-authorized_code': 'foreign-code' }
    const { credentialOffer } = await this.vci.createCredentialOffer({
      issuerMetadata: this.metadata,
      credentialConfigurationIds: ['dl'],
      grants: { [PRE_AUTHORIZED]: preAuthorized },
    })
    return credentialOffer
  }

  async #ownKeys(url) {
    if (url !== `${this.issuer}/jwks`) throw new Error(`asked for ${url}`)
    return new Response(JSON.stringify({ keys: [{ ...this.key.jwk, use: 'sig' }] }), {
      headers: { 'content-type': 'application/json' },
    })
  }

  #describe() {
    const at = (path) => `${this.issuer}${path}`
    const server = this.oauth.createAuthorizationServerMetadata({
      issuer: this.issuer,
      token_endpoint: at('/token'),
      jwks_uri: at('/jwks'),
      authorization_endpoint: at('/authorize'),
      pushed_authorization_request_endpoint: at('/par'),
      require_pushed_authorization_requests: true,
      response_types_supported: ['code'],
      grant_types_supported: ['authorization_code', 'refresh_token', PRE_AUTHORIZED],
      token_endpoint_auth_methods_supported: ['none'],
      'pre-authorized_grant_anonymous_access_supported': true,
      code_challenge_methods_supported: ['S256'],
      dpop_signing_alg_values_supported: ['ES256'],
      authorization_response_iss_parameter_supported: true,
      scopes_supported: ['dl'],
    })
    const credentialIssuer = this.vci.createCredentialIssuerMetadata({
      credential_issuer: this.issuer,
      credential_endpoint: at('/credential'),
      deferred_credential_endpoint: at('/deferred_credential'),
      nonce_endpoint: at('/nonce'),
      credential_configurations_supported: {
        dl: {
          format: 'dc+sd-cwt',
          scope: 'dl',
          cryptographic_binding_methods_supported: ['cose_key'],
          credential_signing_alg_values_supported: [-19],
          proof_types_supported: {
            jwt: { proof_signing_alg_values_supported: ['ES256', 'EdDSA'] },
          },
          credential_metadata: {},
        },
      },
    })
    this.metadata = {
      credentialIssuer,
      authorizationServers: [server],
      originalDraftVersion: 'V1',
      knownCredentialConfigurations: credentialIssuer.credential_configurations_supported,
    }
  }

  async #handle(incoming, response) {
    const path = new URL(incoming.url, this.issuer).pathname
    this.asked.push(`${incoming.method} ${path}`)
    const headers = new Headers(Object.entries(incoming.headers))
    const request = { method: incoming.method, url: `${this.issuer}${path}`, headers }
    const body = await bodyOf(incoming)
    try {
      const handlers = {
        'GET /.well-known/openid-credential-issuer': () => this.metadata.credentialIssuer,
        'GET /.well-known/oauth-authorization-server': () => this.metadata.authorizationServers[0],
        'POST /par': () => this.#par(request, body),
        'POST /token': () => this.#token(request, body),
        'POST /nonce': () => this.#nonce(),
        'POST /credential': () => this.#credential(request, body),
        'POST /deferred_credential': () => this.#deferred(request, body),
      }
      const handler = handlers[`${incoming.method} ${path}`]
      if (path === '/authorize') return this.#authorize(incoming, response)
      if (!handler) return await this.#relay(incoming, response)
      const said = await handler()
      answer(response, said.status ?? 200, said.body ?? said, said.headers)
    } catch (error) {
      const { errorResponse, status } = error
      if (!(error instanceof Oauth2ServerErrorResponseError)) {
        this.asked.push(`broke: ${error.stack}`)
        throw error
      }
      this.asked.push(`refused: ${JSON.stringify(errorResponse)}`)
      answer(response, status ?? 400, errorResponse)
    }
  }

  /** What is signed, trust list and status, is our authority's own. */
  async #relay(incoming, response) {
    const said = await this.#ofOurs({ method: incoming.method, path: incoming.url })
    answer(response, said.status, said.body, { 'content-type': said.headers['content-type'] })
  }

  #ofOurs({ path, ...more }) {
    return send({ host: OTHER.slice(1, -1), url: `${this.issuer}${path}`, ...more })
  }

  async #par(request, body) {
    const form = Object.fromEntries(new URLSearchParams(body.toString()))
    const parsed = await this.oauth.parsePushedAuthorizationRequest({
      request,
      authorizationRequest: form,
    })
    const verified = await this.oauth.verifyPushedAuthorizationRequest({
      request,
      authorizationServerMetadata: this.metadata.authorizationServers[0],
      authorizationRequest: parsed.authorizationRequest,
      dpop: { ...parsed.dpop, required: true, allowedSigningAlgs: ['ES256'] },
    })
    const requestUri = `urn:ietf:params:oauth:request_uri:${crypto.randomUUID()}`
    const jwkThumbprint = verified.dpop.jwkThumbprint
    this.#pushed.set(requestUri, { ...parsed.authorizationRequest, jwkThumbprint })
    const made = this.oauth.createPushedAuthorizationResponse({ requestUri, expiresInSeconds: 60 })
    return { status: 201, body: made.pushedAuthorizationResponse }
  }

  #authorize(incoming, response) {
    const asked = new URL(incoming.url, this.issuer).searchParams
    const pushed = this.#pushed.get(asked.get('request_uri'))
    if (!pushed) return answer(response, 400, 'unknown')
    const code = crypto.randomUUID()
    this.#pushed.set(code, pushed)
    const to = new URL(pushed.redirect_uri)
    const said = { code, state: pushed.state, iss: this.issuer }
    for (const [name, value] of Object.entries(said)) {
      to.searchParams.set(name, value)
    }
    answer(response, 303, '', { location: to.href })
  }

  async #token(request, body) {
    const form = Object.fromEntries(new URLSearchParams(body.toString()))
    const parsed = this.oauth.parseAccessTokenRequest({ request, accessTokenRequest: form })
    const { grant, accessTokenRequest } = parsed
    const common = {
      request,
      grant,
      accessTokenRequest,
      authorizationServerMetadata: this.metadata.authorizationServers[0],
    }
    const dpop = { ...parsed.dpop, allowedSigningAlgs: ['ES256'] }
    let verified
    if (grant.grantType === 'authorization_code') {
      const pushed = this.#pushed.get(grant.code) ?? {}
      verified = await this.oauth.verifyAuthorizationCodeAccessTokenRequest({
        ...common,
        expectedCode: this.#pushed.has(grant.code) ? grant.code : '',
        dpop: { ...dpop, required: true, expectedJwkThumbprint: pushed.jwkThumbprint },
        pkce: {
          codeVerifier: parsed.pkceCodeVerifier,
          codeChallenge: pushed.code_challenge,
          codeChallengeMethod: pushed.code_challenge_method,
        },
      })
    } else if (grant.grantType === 'refresh_token') {
      const expectedRefreshToken = grant.refreshToken
      verified = await this.oauth.verifyRefreshTokenAccessTokenRequest({
        ...common,
        dpop,
        expectedRefreshToken,
      })
    } else {
      verified = await this.oauth.verifyPreAuthorizedCodeAccessTokenRequest({
        ...common,
        dpop,
        expectedPreAuthorizedCode: 'foreign-code',
      })
    }
    this.tokenType = verified.dpop ? 'DPoP' : 'Bearer'
    return this.oauth.createAccessTokenResponse({
      authorizationServer: this.issuer,
      audience: this.issuer,
      subject: 'driver',
      signer: signer(this.key),
      expiresInSeconds: 300,
      dpop: verified.dpop,
      refreshToken: true,
    })
  }

  async #nonce() {
    const said = await this.#ofOurs({ method: 'POST', path: '/nonce' })
    return this.vci.createNonceResponse({ cNonce: JSON.parse(said.body).c_nonce })
  }

  async #checkToken(request) {
    await this.resources.verifyResourceRequest({
      request,
      resourceServer: this.issuer,
      authorizationServers: this.metadata.authorizationServers,
      allowedAuthenticationSchemes: [this.tokenType],
    })
  }

  async #credential(request, body) {
    await this.#checkToken(request)
    const credentialRequest = this.vci.parseCredentialRequest({
      issuerMetadata: this.metadata,
      credentialRequest: JSON.parse(body),
    })
    const [jwt] = credentialRequest.proofs.jwt
    const [, claims] = parts(jwt)
    await this.vci.verifyCredentialRequestJwtProof({
      issuerMetadata: this.metadata,
      jwt,
      expectedNonce: claims.nonce,
    })
    const credentials = await this.#credentialsOfOurs(body)
    if (this.waits > 0) {
      this.kept = credentials
      return {
        status: 202,
        body: this.vci.createCredentialResponse({
          credentialRequest,
          transactionId: 'foreign-transaction',
          interval: 1,
        }),
      }
    }
    return this.vci.createCredentialResponse({ credentialRequest, credentials })
  }

  async #deferred(request, body) {
    await this.#checkToken(request)
    const { deferredCredentialRequest } = this.vci.parseDeferredCredentialRequest({
      issuerMetadata: this.metadata,
      deferredCredentialRequest: JSON.parse(body),
    })
    const transactionId = deferredCredentialRequest.transaction_id
    if (transactionId !== 'foreign-transaction') {
      return { status: 400, body: { error: 'invalid_transaction_id' } }
    }
    this.waits -= 1
    if (this.waits > 0) {
      const body = this.vci.createDeferredCredentialResponse({ transactionId, interval: 1 })
      return { status: 202, body }
    }
    return this.vci.createDeferredCredentialResponse({ credentials: this.kept })
  }

  /** The wallet's proof names this issuer and a nonce of our authority: it takes it. */
  async #credentialsOfOurs(body) {
    this.token ??= await this.#tokenOfOurs()
    const said = await this.#ofOurs({
      method: 'POST',
      path: '/credential',
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
      body,
    })
    if (said.status !== 200) throw new Error(`ours said ${said.status}: ${said.body}`)
    return JSON.parse(said.body).credentials
  }

  async #tokenOfOurs() {
    const { offer, tx_code: txCode } = await this.authority.register()
    const grants = JSON.parse(new URL(offer).searchParams.get('credential_offer')).grants
    const form = new URLSearchParams({
      grant_type: PRE_AUTHORIZED,
      'pre-authorized_code': grants[PRE_AUTHORIZED]['pre-authorized_code'],
      tx_code: txCode,
    })
    const said = await this.#ofOurs({
      method: 'POST',
      path: '/token',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: Buffer.from(form.toString()),
    })
    return JSON.parse(said.body).access_token
  }
}
