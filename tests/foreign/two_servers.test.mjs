// Two servers on one register: each step of a driver's way may reach the other one.

import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { launch, Visitor } from './support/browser.mjs'
import { Driver } from './support/driver.mjs'
import { holderProof, newKey } from './support/keys.mjs'
import { OAuthWallet } from './support/oauth_client.mjs'
import { Person } from './support/person.mjs'
import { TwoServers } from './support/two_servers.mjs'
import { Wallet } from './support/wallet.mjs'

let both
before(async () => {
  both = await TwoServers.open({ serve: () => ['--accounts', 'builtin'] })
})
beforeEach(() => both.restart())
after(() => both.close())

test('an offer is taken up with each request at the other server', async () => {
  const { offer, tx_code: txCode } = await both.authority.register()
  const { grants } = JSON.parse(new URL(offer).searchParams.get('credential_offer'))
  const [[type, grant]] = Object.entries(grants)
  const body = new URLSearchParams({
    grant_type: type,
    'pre-authorized_code': grant['pre-authorized_code'],
    tx_code: txCode,
  })
  const ask = async (path, request) => {
    const response = await both.fetch(`${both.issuer}${path}`, { method: 'POST', ...request })
    assert.equal(response.status, 200, path)
    return response.json()
  }
  const tokens = await ask('/token', { body })
  const { c_nonce: nonce } = await ask('/nonce')
  const proof = await holderProof(await newKey(), { issuer: both.issuer, nonce })
  const answer = await ask('/credential', {
    headers: {
      authorization: `Bearer ${tokens.access_token}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ credential_configuration_id: 'dl', proofs: { jwt: [proof] } }),
  })
  assert.equal(answer.credentials.length, 1)
  assert.deepEqual(both.asked, ['0 POST /token', '1 POST /nonce', '0 POST /credential'])
})

/** Neighbors in the list went to different servers. */
function assertTurns() {
  both.asked.forEach((line, at) => assert.equal(line[0], String(at % 2), both.asked.join('\n')))
}

for (const first of [0, 1]) {
  test(`a driver signs in for the first time, each request elsewhere, from server ${first}`, async () => {
    both.restart(first)
    const driver = await Driver.register(both.authority)
    const wallet = await OAuthWallet.open(both.issuer, { fetch: both.fetch })
    const person = new Person({ fetch: both.fetch })
    const { url } = await wallet.push()
    await wallet.redeem(await driver.signIn(url, { person }))
    assert.equal((await wallet.credential()).status, 200)
    await wallet.renew()
    assert.equal((await wallet.credential()).status, 200)
    // And once more, with the account that the other server has made.
    const again = await OAuthWallet.open(both.issuer, { fetch: both.fetch })
    const back = await driver.signIn((await again.push()).url, { person, phone: 'beside' })
    await again.redeem(back)
    assert.equal((await again.credential()).status, 200)
    assert.ok(both.asked.length > 30, both.asked.join('\n'))
  })
}

test('in Chromium, with each request of a page at the other server', async (t) => {
  const driver = await Driver.register(both.authority)
  const wallet = await Wallet.open(both)
  t.after(() => wallet.close())
  const browser = await launch(both.switches)
  t.after(() => browser.close())
  const applying = await wallet.apply()
  const origins = [both.issuer, /^http:\/\/127\.0\.0\.1:\d+$/]
  const visitor = await Visitor.open(browser, { origins, suite: 'two-servers' })
  await driver.signInWith(visitor, applying.address)
  const ended = await applying.ended
  assert.equal(ended.code, 0, ended.err)
  assert.equal((await wallet.licenses()).length, 1)
  visitor.assertQuiet()
  assert.ok(both.asked.length > 10, both.asked.join('\n'))
  assertTurns()
})

test('a license that waits for a clerk is asked for at both, and accepted meanwhile', async () => {
  const driver = await Driver.register(both.authority, {}, ['--review', 'photo'])
  const wallet = await OAuthWallet.open(both.issuer, { fetch: both.fetch })
  const person = new Person({ fetch: both.fetch })
  await wallet.redeem(await driver.signIn((await wallet.push()).url, { person }))
  const put = await wallet.credential()
  assert.equal(put.status, 202)
  const { transaction_id: transaction } = put.body
  for (let asked = 0; asked < 3; asked += 1) {
    const waits = await wallet.deferred(transaction)
    assert.deepEqual([waits.status, waits.body.transaction_id], [202, transaction])
  }
  const reviews = await both.authority.run('review', 'list', driver.number)
  const [{ review: id }] = reviews
  await both.authority.run('review', 'accept', String(id), '--by', 'another clerk')
  const brought = await wallet.deferred(transaction)
  assert.equal(brought.status, 200, JSON.stringify(brought.body))
  assert.equal(brought.body.credentials.length, 1)
})
