// A foreign wallet, @openid4vc, takes up an offer of our authority: the pre-authorized code.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { clientAuthenticationAnonymous } from '@openid4vc/oauth2'
import { Openid4vciClient } from '@openid4vc/openid4vci'
import { Authority } from './support/authority.mjs'
import { newKey } from './support/keys.mjs'
import { callbacks, signer } from './support/openid4vc.mjs'

let authority
before(async () => {
  authority = await Authority.open()
})
after(() => authority.close())

/** @param {Awaited<ReturnType<typeof newKey>>[]} keys */
const client = (keys) =>
  new Openid4vciClient({
    callbacks: callbacks(keys, { clientAuthentication: clientAuthenticationAnonymous() }),
  })

/** From an offer to its tokens. */
async function redeem(wallet, offer, txCode, dpop) {
  const credentialOffer = await wallet.resolveCredentialOffer(offer)
  const issuerMetadata = await wallet.resolveIssuerMetadata(credentialOffer.credential_issuer)
  const tokens = await wallet.retrievePreAuthorizedCodeAccessTokenFromOffer({
    credentialOffer,
    issuerMetadata,
    txCode,
    dpop,
  })
  return { ...tokens, issuerMetadata }
}

/** From tokens to the credential, in the form in which it travels. */
async function fetchCredential(wallet, key, { accessTokenResponse, issuerMetadata, dpop }) {
  const { c_nonce: nonce } = await wallet.requestNonce({ issuerMetadata })
  const credentialConfigurationId = 'dl'
  const { jwt } = await wallet.createCredentialRequestJwtProof({
    issuerMetadata,
    credentialConfigurationId,
    signer: signer(key),
    nonce,
  })
  const response = await wallet.retrieveCredentials({
    accessToken: accessTokenResponse.access_token,
    credentialConfigurationId,
    issuerMetadata,
    proofs: { jwt: [jwt] },
    dpop,
  })
  return response.credentialResponse
}

/** The tag 18 of COSE_Sign1, or its array of four without a tag. */
function assertCredential(response) {
  assert.equal(response.credentials.length, 1)
  const bytes = Buffer.from(response.credentials[0].credential, 'base64url')
  assert.ok(bytes[0] === 0xd2 || bytes[0] === 0x84, `begins with ${bytes[0].toString(16)}`)
}

test('a foreign wallet receives a license by an offer and its code', async () => {
  const key = await newKey()
  const wallet = client([key])
  const { offer, tx_code: txCode } = await authority.register()
  const tokens = await redeem(wallet, offer, txCode)
  assert.equal(tokens.accessTokenResponse.token_type, 'Bearer')
  assertCredential(await fetchCredential(wallet, key, tokens))
})

test('the same offer by reference', async () => {
  const key = await newKey()
  const wallet = client([key])
  const { offer_by_reference: offer, tx_code: txCode } = await authority.register()
  assertCredential(await fetchCredential(wallet, key, await redeem(wallet, offer, txCode)))
})

test('a wrong code of the offer is invalid_grant', async () => {
  const wallet = client([])
  const { offer, tx_code: txCode } = await authority.register()
  const wrong = txCode === '000000' ? '000001' : '000000'
  await assert.rejects(redeem(wallet, offer, wrong), (error) => {
    assert.equal(error.errorResponse?.error, 'invalid_grant')
    return true
  })
})

test('the acknowledgement and the renewal of a foreign wallet are understood', async () => {
  const key = await newKey()
  const wallet = client([key])
  const { offer, tx_code: txCode } = await authority.register()
  const tokens = await redeem(wallet, offer, txCode)
  const response = await fetchCredential(wallet, key, tokens)
  const accessToken = tokens.accessTokenResponse.access_token
  await wallet.sendNotification({
    accessToken,
    issuerMetadata: tokens.issuerMetadata,
    notification: { notificationId: response.notification_id, event: 'credential_accepted' },
  })
  const body = new URLSearchParams({
    grant_type: 'refresh_token',
    refresh_token: tokens.accessTokenResponse.refresh_token,
  })
  const renewed = await fetch(`${authority.issuer}/token`, { method: 'POST', body })
  assert.equal(renewed.status, 200)
  const fresh = { ...tokens, accessTokenResponse: await renewed.json() }
  assertCredential(await fetchCredential(wallet, key, fresh))
})
