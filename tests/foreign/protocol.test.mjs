// What the authorization server refuses: requests that no honest wallet sends.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Authority } from './support/authority.mjs'
import { dpop, hash, newKey } from './support/keys.mjs'
import { CLIENT, REDIRECT } from './support/oauth_client.mjs'

let authority
let key
before(async () => {
  authority = await Authority.open({ serve: ['--accounts', 'builtin'] })
  key = await newKey()
})
after(() => authority.close())

/** A verifier of the least length that RFC 7636 allows. */
const VERIFIER = 'v'.repeat(43)

/** A request as an honest wallet pushes it. */
const honest = async () => ({
  client_id: CLIENT,
  response_type: 'code',
  redirect_uri: REDIRECT,
  scope: 'dl',
  state: 'a state',
  code_challenge: await hash(VERIFIER),
  code_challenge_method: 'S256',
})

/** Pushes a form by a proof of the nonce that the server wants. */
async function push(form, options = {}) {
  const url = `${authority.issuer}/par`
  const send = async (nonce) => {
    const proof = await dpop(options.key ?? key, { method: 'POST', url, nonce, ...options.proof })
    const headers = options.withoutProof ? {} : { dpop: proof }
    return fetch(url, { method: 'POST', body: new URLSearchParams(form), headers })
  }
  let response = await send(options.nonce)
  const nonce = response.headers.get('dpop-nonce')
  if (nonce && response.status >= 400 && options.nonce === undefined) response = await send(nonce)
  return { status: response.status, headers: response.headers, body: await response.json() }
}

test('an honest request is taken', async () => {
  const { status, body } = await push(await honest())
  assert.equal(status, 201)
  assert.match(body.request_uri, /^urn:ietf:params:oauth:request_uri:/)
  assert.ok(body.expires_in <= 60)
})

describe('a pushed request is refused', () => {
  const cases = [
    ['without PKCE', { code_challenge: undefined }, ['invalid_request']],
    ['with the challenge in the clear', { code_challenge_method: 'plain' }, ['invalid_request']],
    ['without the method of the challenge', { code_challenge_method: undefined }, ['invalid_request']],
    ['of an unknown client', { client_id: 'another' }, ['invalid_client']],
    ['for another scope', { scope: 'openid' }, ['invalid_scope']],
    ['for a token at once', { response_type: 'token' }, ['unsupported_response_type', 'invalid_request']],
    ['with a state of a kilobyte', { state: 's'.repeat(1024) }, ['invalid_request']],
    ['that names another request', { request_uri: 'urn:a' }, ['invalid_request']],
  ]
  for (const [what, change, errors] of cases) {
    test(what, async () => {
      const form = Object.entries({ ...(await honest()), ...change })
      const { status, body } = await push(form.filter(([, value]) => value !== undefined))
      assert.ok(status === 400 || status === 401, `${status}`)
      assert.ok(errors.includes(body.error), JSON.stringify(body))
    })
  }

  test('with a parameter twice', async () => {
    const form = [...Object.entries(await honest()), ['redirect_uri', REDIRECT]]
    const { status, body } = await push(form)
    assert.deepEqual([status, body.error], [400, 'invalid_request'])
  })
})

describe('a redirect is refused that is not the registered one', () => {
  for (const address of [
    'https://evil.example/callback',
    'http://127.0.0.1.evil.example/callback',
    'http://127.0.0.1:80@evil.example/callback',
    'http://evil.example/?http://127.0.0.1/callback',
    'http://127.0.0.1:1/callback/',
    'http://127.0.0.1:1/callback/../other',
    'http://127.0.0.1:1/callback?next=https://evil.example',
    'http://127.0.0.1:1/callback#fragment',
    'http://localhost:1/callback',
    'https://127.0.0.1:1/callback',
    'http://127.0.0.1:99999/callback',
    'http://user@127.0.0.1:1/callback',
    'javascript:alert(1)',
    '/callback',
    '',
  ]) {
    test(JSON.stringify(address), async () => {
      const { status, body } = await push({ ...(await honest()), redirect_uri: address })
      assert.deepEqual([status, body.error], [400, 'invalid_request'])
    })
  }
})

describe('a proof of DPoP is refused', () => {
  /** @param {object} proof what differs */
  const refused = async (options, ...errors) => {
    const { status, body } = await push(await honest(), options)
    assert.equal(status, 400)
    assert.ok(errors.includes(body.error), JSON.stringify(body))
  }
  test('that is absent', () => refused({ withoutProof: true }, 'invalid_dpop_proof', 'use_dpop_nonce'))
  test('without a nonce', () => refused({ nonce: null, proof: { nonce: undefined } }, 'use_dpop_nonce'))
  test('with a nonce of somebody else', () => refused({ nonce: 'not-one-of-ours' }, 'use_dpop_nonce'))
  test('for another method', () => refused({ proof: { method: 'GET' } }, 'invalid_dpop_proof'))
  test('for another address', () => {
    const url = `${authority.issuer}/token`
    return refused({ proof: { url } }, 'invalid_dpop_proof')
  })
  test('for another host', () => {
    const url = 'https://other.example/par'
    return refused({ proof: { url } }, 'invalid_dpop_proof')
  })
  test('of years ago', () => refused({ proof: { iat: 1_000_000_000 } }, 'invalid_dpop_proof'))

  test('that was there before', async () => {
    const jti = crypto.randomUUID()
    const first = await push(await honest(), { proof: { jti } })
    assert.equal(first.status, 201)
    const { status } = await push(await honest(), {
      proof: { jti, nonce: first.headers.get('dpop-nonce') },
    })
    assert.equal(status, 400)
  })
})

describe('the authorization endpoint', () => {
  const open = (query) =>
    fetch(`${authority.issuer}/authorize?${new URLSearchParams(query)}`, { redirect: 'manual' })

  /** No redirect beyond this host, whatever was asked. */
  const staysHere = async (response) => {
    const location = response.headers.get('location')
    if (location === null) return
    const to = new URL(location, authority.issuer)
    assert.equal(to.host, new URL(authority.issuer).host, location)
  }

  test('takes no request that was not pushed, and leads to no address in it', async () => {
    for (const redirect of [REDIRECT, 'https://evil.example/']) {
      const response = await open({ ...(await honest()), redirect_uri: redirect })
      assert.equal(response.status, 400)
      await staysHere(response)
    }
  })

  test('takes nothing beside client and request', async () => {
    const { body } = await push(await honest())
    const response = await open({
      client_id: CLIENT,
      request_uri: body.request_uri,
      redirect_uri: 'https://evil.example/',
    })
    await staysHere(response)
    assert.ok(!(await response.text()).includes('evil.example'))
  })

  test('takes no request of another client', async () => {
    const { body } = await push(await honest())
    const response = await open({ client_id: 'another', request_uri: body.request_uri })
    assert.equal(response.status, 400)
    await staysHere(response)
  })

  test('knows nothing of a request that was never made, in the same words', async () => {
    const query = { client_id: CLIENT, request_uri: 'urn:ietf:params:oauth:request_uri:none' }
    const response = await open(query)
    assert.equal(response.status, 400)
    assert.match(response.headers.get('content-type'), /^text\/html/)
  })

  test('begins anew for another browser, and goes on for the same', async () => {
    const { body } = await push(await honest())
    const query = { client_id: CLIENT, request_uri: body.request_uri }
    const first = await open(query)
    assert.equal(first.status, 303)
    const cookies = first.headers.getSetCookie().map((line) => line.split(';')[0])
    const other = await open(query)
    assert.equal(other.status, 400)
    const url = `${authority.issuer}/authorize?${new URLSearchParams(query)}`
    const again = await fetch(url, { headers: { cookie: cookies.join('; ') }, redirect: 'manual' })
    assert.equal(again.status, 303)
    await staysHere(again)
  })

  test('binds the browser by a cookie that no script and no other site can use', async () => {
    const { body } = await push(await honest())
    const response = await open({ client_id: CLIENT, request_uri: body.request_uri })
    const cookies = response.headers.getSetCookie()
    assert.ok(cookies.length > 0)
    for (const cookie of cookies) {
      assert.match(cookie, /;\s*HttpOnly/i)
      assert.match(cookie, /;\s*SameSite=(Lax|Strict)/i)
      assert.doesNotMatch(cookie, /;\s*Domain=/i)
    }
  })
})

test('a code that was never given is invalid_grant, and no verifier no way around', async () => {
  const url = `${authority.issuer}/token`
  for (const more of [{ code_verifier: VERIFIER }, {}]) {
    const body = new URLSearchParams({
      grant_type: 'authorization_code',
      code: 'none',
      redirect_uri: REDIRECT,
      client_id: CLIENT,
      ...more,
    })
    const nonce = (await push(await honest())).headers.get('dpop-nonce')
    const headers = { dpop: await dpop(key, { method: 'POST', url, nonce }) }
    const response = await fetch(url, { method: 'POST', body, headers })
    assert.equal(response.status, 400)
    const { error } = await response.json()
    assert.ok(['invalid_grant', 'invalid_request'].includes(error), error)
  }
})

test('the metadata name what is there', async () => {
  const response = await fetch(`${authority.issuer}/.well-known/oauth-authorization-server`)
  const said = await response.json()
  assert.equal(said.issuer, authority.issuer)
  assert.equal(said.require_pushed_authorization_requests, true)
  assert.equal(said.authorization_response_iss_parameter_supported, true)
  assert.deepEqual(said.code_challenge_methods_supported, ['S256'])
  assert.deepEqual(said.response_types_supported, ['code'])
  assert.deepEqual(said.token_endpoint_auth_methods_supported, ['none'])
  assert.ok(said.dpop_signing_alg_values_supported.includes('ES256'))
  assert.ok(said.grant_types_supported.includes('authorization_code'))
})
