// Two servers on one register: each step of a driver's way may reach the other one.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { holderProof, newKey } from './support/keys.mjs'
import { TwoServers } from './support/two_servers.mjs'

let both
before(async () => {
  both = await TwoServers.open()
})
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
