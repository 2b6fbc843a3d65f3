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
  issuer.asked = []
})

test('our wallet takes up a foreign offer, and the library checks each of its requests', async (t) => {
  const wallet = await Wallet.open(issuer)
  t.after(() => wallet.close())
  await wallet.run('enroll', await issuer.offer())
  const refused = issuer.asked.filter((line) => /^(refused|broke)/.test(line))
  assert.deepEqual(refused, [])
  for (const line of ['POST /token', 'POST /nonce', 'POST /credential']) {
    assert.ok(issuer.asked.includes(line), `${line}: ${issuer.asked.join(', ')}`)
  }
  const held = await wallet.run('list')
  assert.equal(held.length ?? held.licenses.length, 1)
})
