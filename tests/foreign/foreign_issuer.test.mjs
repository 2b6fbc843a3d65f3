// Our wallet at an issuer that others wrote, @openid4vc.

import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { ForeignIssuer } from './support/foreign_issuer.mjs'
import { Wallet } from './support/wallet.mjs'

let issuer
before(async () => {
  issuer = await ForeignIssuer.open()
})
after(() => issuer.close())
afterEach(() => {
  Object.assign(issuer, { asked: [], waits: 0 })
})

test('our wallet takes up a foreign offer, and the library checks each of its requests', async (t) => {
  const wallet = await Wallet.open(issuer)
  t.after(() => wallet.close())
  await wallet.run('enroll', await issuer.offer())
  assertAsked('POST /token', 'POST /nonce', 'POST /credential')
  assert.equal((await wallet.licenses()).length, 1)
})

/** The library refused nothing, and was asked these. @param {string[]} lines */
function assertAsked(...lines) {
  const refused = issuer.asked.filter((line) => /^(refused|broke)/.test(line))
  assert.deepEqual(refused, [])
  for (const line of lines) {
    assert.ok(issuer.asked.includes(line), `${line}: ${issuer.asked.join(', ')}`)
  }
}

/** What a browser does where sign-in and consent are one redirect: the address that it ends at. */
async function back(address) {
  const response = await fetch(address, { redirect: 'manual' })
  assert.equal(response.status, 303)
  return response.headers.get('location')
}

test('our wallet applies at a foreign issuer: PAR, PKCE, DPoP and iss', async (t) => {
  const wallet = await Wallet.open(issuer)
  t.after(() => wallet.close())
  const applying = await wallet.apply()
  await fetch(await back(applying.address))
  const ended = await applying.ended
  assert.equal(ended.code, 0, ended.err)
  assertAsked('POST /par', 'GET /authorize', 'POST /token', 'POST /nonce', 'POST /credential')
  assert.equal(issuer.tokenType, 'DPoP')
  assert.equal((await wallet.licenses()).length, 1)
})

test('our wallet waits at a foreign issuer that defers, and refresh brings the license', async (t) => {
  const wallet = await Wallet.open(issuer)
  t.after(() => wallet.close())
  issuer.waits = 2
  const applying = await wallet.apply()
  await fetch(await back(applying.address))
  const ended = await applying.ended
  assert.equal(ended.code, 0, ended.err)
  assert.deepEqual(await wallet.licenses(), [])
  await wallet.refreshWhenDue()
  assert.deepEqual(await wallet.licenses(), [])
  await wallet.refreshWhenDue()
  assertAsked('POST /credential', 'POST /deferred_credential')
  assert.equal((await wallet.licenses()).length, 1)
})

for (const [what, change] of [
  ['of another issuer', ['iss', 'https://other.example']],
  ['without an issuer', ['iss', undefined]],
  ['with another state', ['state', 'another']],
  ['without a state', ['state', undefined]],
]) {
  test(`an answer ${what} is refused, and the right one is taken`, async (t) => {
    const wallet = await Wallet.open(issuer)
    t.after(() => wallet.close())
    const applying = await wallet.apply()
    const right = await back(applying.address)
    const wrong = new URL(right)
    const [name, value] = change
    wrong.searchParams.delete(name)
    if (value !== undefined) wrong.searchParams.set(name, value)
    await fetch(wrong)
    assert.ok(!issuer.asked.includes('POST /token'), issuer.asked.join(', '))
    assert.deepEqual(await wallet.licenses(), [])
    await fetch(right)
    const ended = await applying.ended
    assert.equal(ended.code, 0, ended.err)
    assert.equal((await wallet.licenses()).length, 1)
  })
}
