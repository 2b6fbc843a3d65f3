// A foreign wallet, @openid4vc, signs in at our authority: PAR, DPoP, and deferred issuance.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Oauth2Client } from '@openid4vc/oauth2'
import { Openid4vciClient } from '@openid4vc/openid4vci'
import { Authority } from './support/authority.mjs'
import { Driver } from './support/driver.mjs'
import { newKey } from './support/keys.mjs'
import { CLIENT, REDIRECT } from './support/oauth_client.mjs'
import { callbacks, signer } from './support/openid4vc.mjs'

let authority
before(async () => {
  authority = await Authority.open({ serve: ['--accounts', 'builtin'] })
})
after(() => authority.close())

/** From the driver's sign-in to tokens. @param {Driver} driver */
async function signIn(driver) {
  const [key, dpopKey] = [await newKey(), await newKey()]
  const calls = callbacks([key, dpopKey])
  const client = new Openid4vciClient({ callbacks: calls })
  const issuerMetadata = await client.resolveIssuerMetadata(authority.issuer)
  // The wallet begins by itself; the library wants what an offer would say.
  const credentialOffer = {
    credential_issuer: authority.issuer,
    credential_configuration_ids: ['dl'],
    grants: { authorization_code: {} },
  }
  const state = crypto.randomUUID()
  // `Openid4vciClient` would leave `state` out (0.4.6); the library's OAuth client does not.
  const oauth = new Oauth2Client({ callbacks: calls })
  const begun = await oauth.initiateAuthorization({
    clientId: CLIENT,
    redirectUri: REDIRECT,
    scope: 'dl',
    state,
    resource: authority.issuer,
    authorizationServerMetadata: issuerMetadata.authorizationServers[0],
    dpop: { signer: signer(dpopKey) },
  })
  const address = new URL(begun.authorizationRequestUrl)
  assert.deepEqual([...address.searchParams.keys()].sort(), ['client_id', 'request_uri'])
  const back = await driver.signIn(address.href)
  const said = client.parseAndVerifyAuthorizationResponseRedirectUrl({
    url: back,
    authorizationServerMetadata: issuerMetadata.authorizationServers[0],
  })
  assert.equal(said.state, state)
  const tokens = await client.retrieveAuthorizationCodeAccessTokenFromOffer({
    credentialOffer,
    issuerMetadata,
    authorizationCode: said.code,
    pkceCodeVerifier: begun.pkce.codeVerifier,
    redirectUri: REDIRECT,
    dpop: { signer: signer(dpopKey), nonce: begun.dpop?.nonce },
  })
  return { client, key, issuerMetadata, tokens }
}

/** Asks for the credential with a proof of the holder key. */
async function fetchCredential({ client, key, issuerMetadata, tokens }) {
  const { c_nonce: nonce } = await client.requestNonce({ issuerMetadata })
  const credentialConfigurationId = 'dl'
  const { jwt } = await client.createCredentialRequestJwtProof({
    issuerMetadata,
    credentialConfigurationId,
    signer: signer(key),
    nonce,
    clientId: CLIENT,
  })
  return client.retrieveCredentials({
    accessToken: tokens.accessTokenResponse.access_token,
    credentialConfigurationId,
    issuerMetadata,
    proofs: { jwt: [jwt] },
    dpop: tokens.dpop,
  })
}

test('a foreign wallet signs in and receives the license', async () => {
  const held = await signIn(await Driver.register(authority))
  assert.equal(held.tokens.accessTokenResponse.token_type, 'DPoP')
  const { credentialResponse } = await fetchCredential(held)
  assert.equal(credentialResponse.credentials.length, 1)
  await held.client.sendNotification({
    accessToken: held.tokens.accessTokenResponse.access_token,
    issuerMetadata: held.issuerMetadata,
    dpop: held.tokens.dpop,
    notification: {
      notificationId: credentialResponse.notification_id,
      event: 'credential_accepted',
    },
  })
})

test('a foreign wallet waits for a clerk by the deferred endpoint', async () => {
  const held = await signIn(await Driver.register(authority, {}, ['--review', 'photo']))
  const { credentialResponse } = await fetchCredential(held)
  const transactionId = credentialResponse.transaction_id
  assert.ok(transactionId, JSON.stringify(credentialResponse))
  const answer = await held.client.retrieveDeferredCredentials({
    issuerMetadata: held.issuerMetadata,
    accessToken: held.tokens.accessTokenResponse.access_token,
    transactionId,
    dpop: held.tokens.dpop,
  })
  assert.equal(answer.deferredCredentialResponse.transaction_id, transactionId)
  assert.ok(answer.deferredCredentialResponse.interval > 0)
})
