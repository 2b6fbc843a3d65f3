// A foreign client, oauth4webapi, from the pushed request to the credential.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Authority } from './support/authority.mjs'
import { Driver } from './support/driver.mjs'
import { dpop, newKey } from './support/keys.mjs'
import { CLIENT, OAuthWallet, REDIRECT } from './support/oauth_client.mjs'
import { Person } from './support/person.mjs'

let authority
before(async () => {
  authority = await Authority.open({ serve: ['--accounts', 'builtin'] })
})
after(() => authority.close())

/** A driver who has signed in with a foreign client. @param {string[]} [more] */
async function signedIn(more) {
  const driver = await Driver.register(authority, {}, more)
  const wallet = await OAuthWallet.open(authority.issuer)
  const { url } = await wallet.push()
  const back = await driver.signIn(url)
  return { driver, wallet, back }
}

test('a foreign client signs in by PAR, PKCE and DPoP, and receives the license', async () => {
  const { wallet, back } = await signedIn()
  assert.equal(new URL(back).searchParams.get('iss'), authority.issuer)
  const tokens = await wallet.redeem(back)
  assert.equal(tokens.token_type, 'dpop')
  const { status, body } = await wallet.credential()
  assert.equal(status, 200, JSON.stringify(body))
  assert.equal(body.credentials.length, 1)
})

test('its tokens are renewed by the same key, and bring the next credential', async () => {
  const { wallet, back } = await signedIn()
  await wallet.redeem(back)
  assert.equal((await wallet.credential()).status, 200)
  const before = wallet.tokens.access_token
  await wallet.renew()
  assert.notEqual(wallet.tokens.access_token, before)
  assert.equal((await wallet.credential()).status, 200)
})

test('a token that is bound to a key is refused as a bearer token, and to another key', async () => {
  const { wallet, back } = await signedIn()
  await wallet.redeem(back)
  const url = `${authority.issuer}/credential`
  const ask = (headers) => fetch(url, { method: 'POST', body: '{}', headers })
  const json = { 'content-type': 'application/json' }
  const token = wallet.tokens.access_token
  const bearer = await ask({ ...json, authorization: `Bearer ${token}` })
  assert.equal(bearer.status, 401)
  const thief = await newKey()
  let nonce
  for (let tries = 0; tries < 2; tries += 1) {
    const proof = await dpop(thief, { method: 'POST', url, token, nonce })
    const answer = await ask({ ...json, authorization: `DPoP ${token}`, dpop: proof })
    assert.equal(answer.status, 401)
    assert.match(answer.headers.get('www-authenticate') ?? '', /^DPoP/)
    nonce = answer.headers.get('dpop-nonce') ?? nonce
  }
})

test('a code is answered again to its client alone, and another use ends it', async () => {
  const { wallet, back } = await signedIn()
  await wallet.redeem(back)
  // The first answer may be lost on the way.
  await wallet.redeem(back)
  const right = wallet.verifier
  wallet.verifier = 'another-verifier-of-enough-characters-000000'
  await assert.rejects(wallet.redeem(back), { error: 'invalid_grant' })
  wallet.verifier = right
  await assert.rejects(wallet.redeem(back), { error: 'invalid_grant' })
  const code = 'OAUTH_WWW_AUTHENTICATE_CHALLENGE'
  await assert.rejects(wallet.credential(), { code, status: 401 })
})

test('a code that was taken out of a redirect is of no use to another client', async () => {
  const { wallet, back } = await signedIn()
  const thief = await OAuthWallet.open(authority.issuer)
  await thief.push()
  const stolen = new URL(back)
  stolen.searchParams.set('state', thief.state)
  await assert.rejects(thief.redeem(stolen.href), { error: 'invalid_grant' })
  assert.ok(wallet)
})

test('who declines sends the app an error, and no code', async () => {
  const driver = await Driver.register(authority)
  const wallet = await OAuthWallet.open(authority.issuer)
  const { url } = await wallet.push()
  const person = new Person()
  await driver.signIn(url, { person, upTo: 'consent' })
  const answer = await person.submit({}, { page: 'refuse' })
  const said = new URL(answer.left).searchParams
  assert.deepEqual(
    [said.get('error'), said.get('iss'), said.get('code')],
    ['access_denied', authority.issuer, null],
  )
  await assert.rejects(wallet.redeem(answer.left), { error: 'access_denied' })
})

test('a license that waits for a clerk is deferred', async () => {
  const { wallet, back } = await signedIn(['--review', 'photo'])
  await wallet.redeem(back)
  const first = await wallet.credential()
  assert.equal(first.status, 202, JSON.stringify(first.body))
  assert.ok(first.body.transaction_id && first.body.interval > 0)
  const again = await wallet.credential()
  assert.equal(again.body.transaction_id, first.body.transaction_id)
  const waiting = await wallet.deferred(first.body.transaction_id)
  assert.equal(waiting.status, 202)
  const unknown = await wallet.deferred('none')
  assert.deepEqual([unknown.status, unknown.body.error], [400, 'invalid_transaction_id'])
})

test('a request may name the credential by authorization_details', async () => {
  const driver = await Driver.register(authority)
  const wallet = await OAuthWallet.open(authority.issuer)
  const details = [{ type: 'openid_credential', credential_configuration_id: 'dl' }]
  const { url } = await wallet.push({ authorization_details: JSON.stringify(details) })
  await wallet.redeem(await driver.signIn(url))
  assert.equal((await wallet.credential()).status, 200)
})

test('the redirect keeps the port that the client listens at', async () => {
  const driver = await Driver.register(authority)
  const redirect = REDIRECT.replace('49152', '55555')
  const wallet = await OAuthWallet.open(authority.issuer, { redirect, clientId: CLIENT })
  const { url } = await wallet.push()
  const back = await driver.signIn(url)
  assert.ok(back.startsWith(`${redirect}?`), back)
})
