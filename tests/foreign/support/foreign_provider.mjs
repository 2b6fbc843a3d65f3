// A foreign OpenID provider: `oidc-provider`, certified by the OpenID Foundation. Its pages are
// one button each, since they are not what is tried here.

import { createSign, generateKeyPairSync } from 'node:crypto'
import Provider from 'oidc-provider'
import { freePort } from './authority.mjs'
import { base64url } from './keys.mjs'
import { answer, bodyOf, serve } from './web.mjs'

/** What the authority asks to be assured of at least, and what this provider says. */
export const ACR = 'urn:vidimus:test:high'
export const CLIENT = { id: 'vidimus-authority', secret: 'a-secret-of-forty-characters-for-the-test' }

const page = (title, form) => `<!doctype html><html lang="en"><head><title>${title}</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"></head><body><main><h1>${title}</h1>
<form method="post">${form}</form></main></body></html>`

export class ForeignProvider {
  key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
  /** Accounts by name: their claims. */
  accounts = new Map()
  /** What a sign-in says of how it was made. */
  acr = ACR
  /** Claims by which each ID token differs from what is right, for attacks. */
  changed = {}
  /** How many seconds ago a sign-in was. */
  age = 0
  /** What was asked at the authorization endpoint. */
  asked = []

  /** @param {string[]} redirects the authority's addresses to come back to */
  static async open(redirects) {
    const foreign = new ForeignProvider()
    const port = await freePort()
    foreign.issuer = `http://127.0.0.1:${port}`
    foreign.provider = new Provider(foreign.issuer, foreign.#configuration(redirects))
    foreign.provider.on('server_error', (_, error) => (foreign.error = error))
    const callback = foreign.provider.callback()
    foreign.server = await serve(
      (incoming, response) =>
        incoming.url.startsWith('/interaction/')
          ? foreign.#interact(incoming, response)
          : foreign.#note(incoming, response, callback),
      { port },
    )
    return foreign
  }

  #note(incoming, response, callback) {
    const url = new URL(incoming.url, this.issuer)
    if (url.pathname === '/auth') this.asked.push(Object.fromEntries(url.searchParams))
    if (url.pathname === '/token' && Object.keys(this.changed).length > 0) this.#change(response)
    return callback(incoming, response)
  }

  /** Lets an answer carry an ID token with other claims, signed by the provider's own key. */
  #change(response) {
    const end = response.end.bind(response)
    response.end = (body) => {
      const said = JSON.parse(body)
      const [head, claims] = said.id_token.split('.').map((part) => Buffer.from(part, 'base64url'))
      const changed = { ...JSON.parse(claims), ...this.changed }
      const input = [head, JSON.stringify(changed)].map(base64url).join('.')
      const signature = createSign('sha256').update(input).sign(this.key)
      const text = JSON.stringify({ ...said, id_token: `${input}.${base64url(signature)}` })
      response.setHeader('content-length', Buffer.byteLength(text))
      return end(text)
    }
  }

  #configuration(redirects) {
    return {
      clients: [
        {
          client_id: CLIENT.id,
          client_secret: CLIENT.secret,
          redirect_uris: redirects,
          grant_types: ['authorization_code'],
          response_types: ['code'],
          // Of a web server on loopback, which is allowed for tests alone.
          application_type: 'native',
        },
      ],
      acrValues: [ACR, 'low'],
      claims: { openid: ['sub'], profile: ['license_number'], acr: null, auth_time: null },
      scopes: ['openid', 'profile'],
      conformIdTokenClaims: false,
      cookies: { keys: ['for a test alone'] },
      features: { devInteractions: { enabled: false } },
      interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
      jwks: { keys: [{ ...this.key.export({ format: 'jwk' }), use: 'sig', alg: 'RS256' }] },
      pkce: { required: () => true },
      ttl: { AccessToken: 60, AuthorizationCode: 60, Grant: 60, IdToken: 60, Interaction: 600, Session: 600 },
      findAccount: (_, name) => ({
        accountId: name,
        claims: () => ({ sub: name, ...this.accounts.get(name) }),
      }),
      loadExistingGrant: async (ctx) => {
        const { Grant } = this.provider
        const grant = new Grant({
          accountId: ctx.oidc.session.accountId,
          clientId: ctx.oidc.client.clientId,
        })
        grant.addOIDCScope('openid profile')
        grant.addOIDCClaims(['license_number'])
        await grant.save()
        return grant
      },
    }
  }

  /** The provider's own sign-in: a name, and that is all. */
  async #interact(incoming, response) {
    const html = { 'content-type': 'text/html; charset=utf-8' }
    if (incoming.method !== 'POST') {
      const field = '<label>Name <input name="name"></label>'
      const buttons = '<button>Sign in</button><button name="cancel" value="1">Cancel</button>'
      return answer(response, 200, page('The foreign provider', field + buttons), html)
    }
    const form = new URLSearchParams((await bodyOf(incoming)).toString())
    const result =
      form.get('cancel') === '1'
        ? { error: 'access_denied', error_description: 'cancelled' }
        : {
            login: {
              accountId: form.get('name'),
              acr: this.acr,
              ts: Math.floor(Date.now() / 1000) - this.age,
              remember: false,
            },
            consent: {},
          }
    return this.provider.interactionFinished(incoming, response, result)
  }

  close() {
    return this.server.close()
  }
}
